package chat

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/spikechat/spikechat/core/planes"
	"github.com/spikechat/spikechat/core/text"
)

// Agreed derives the structure with each engine and wants it to be the same. Errors wrap
// text.ErrUnsupportedTemplate.
func Agreed(
	template string, special map[string]string, engines ...Engine,
) (agreed *planes.Chat, err error) {
	for _, e := range engines {
		c, err := Derive(e, template, special)
		if err != nil {
			return nil, err
		}
		if agreed == nil {
			agreed = c
			continue
		}
		// A permission that only some can prove is none.
		agreed.Blank = agreed.Blank && c.Blank
		c.Blank = agreed.Blank
		if d := Difference(agreed, c); d != "" {
			return nil, fmt.Errorf("%w: two engines read it differently: %s",
				text.ErrUnsupportedTemplate, d)
		}
	}
	return agreed, nil
}

// Difference names the first field in which two structures differ, with both values; "" where they
// are equal.
func Difference(x, y *planes.Chat) string {
	return differenceOf("", reflect.ValueOf(x), reflect.ValueOf(y))
}

func differenceOf(name string, x, y reflect.Value) string {
	switch {
	case x.Kind() == reflect.Pointer && !x.IsNil() && !y.IsNil():
		return differenceOf(name, x.Elem(), y.Elem())
	case x.Kind() == reflect.Struct:
		for i := range x.NumField() {
			field, _, _ := strings.Cut(x.Type().Field(i).Tag.Get("json"), ",")
			if d := differenceOf(name+"."+field, x.Field(i), y.Field(i)); d != "" {
				return d
			}
		}
		return ""
	case x.Kind() == reflect.Pointer && x.IsNil() != y.IsNil():
		return fmt.Sprintf("%s is there in one alone", name[1:])
	case x.Kind() == reflect.Pointer || x.Interface() == y.Interface():
		return ""
	case x.Kind() == reflect.String:
		return fmt.Sprintf("%s is %q and %q", name[1:], x.String(), y.String())
	}
	return fmt.Sprintf("%s is %v and %v", name[1:], x.Interface(), y.Interface())
}
