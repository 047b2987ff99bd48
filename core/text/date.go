package text

import (
	"fmt"
	"strings"

	"github.com/spikechat/spikechat/core/internal/request"
	"github.com/spikechat/spikechat/core/planes"
)

// date is a day of the Gregorian calendar. Package time would do, and is 20 kB for a visitor.
type date struct{ year, month, day int }

// parseDate reads a date such as "2026-11-30", of the years 1000 to 9999.
func parseDate(text string) (d date, err error) {
	good := len(text) == len("2026-11-30")
	for i := range len(text) {
		digit := '0' <= text[i] && text[i] <= '9'
		good = good && digit == (i != 4 && i != 7) && (digit || text[i] == '-')
	}
	if good {
		n := 0 // all digits
		for i := range len(text) {
			if text[i] != '-' {
				n = 10*n + int(text[i]-'0')
			}
		}
		d = date{n / 10000, n / 100 % 100, n % 100}
		good = d.year >= 1000 && d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= d.days()
	}
	if !good {
		return d, fmt.Errorf("%w: date %.40q, want one such as 2026-11-30, which this model's chats "+
			"hold", request.ErrBad, text)
	}
	return d, nil
}

// days of the month.
func (d date) days() int {
	switch d.month {
	case 2:
		if d.year%4 == 0 && (d.year%100 != 0 || d.year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// weekday counts from Sunday, by Sakamoto's method.
func (d date) weekday() int {
	year := d.year
	if d.month < 3 {
		year--
	}
	shift := [...]int{0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4}[d.month-1]
	return (year + year/4 - year/100 + year/400 + shift + d.day) % 7
}

var (
	monthNames = [...]string{"January", "February", "March", "April", "May", "June", "July",
		"August", "September", "October", "November", "December"}
	dayNames = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday"}
)

// insert writes the date in place of each format that stands between two planes.DateMark.
func (d date) insert(text string) string {
	for {
		before, rest, found := strings.Cut(text, planes.DateMark)
		if !found {
			return text
		}
		format, after, _ := strings.Cut(rest, planes.DateMark)
		text = before + d.write(format) + after
	}
}

// write is strftime for the directives of planes.IsDateFormat, in English.
func (d date) write(format string) string {
	var b []byte
	for i := 0; i < len(format); i++ {
		c := format[i]
		if c == '%' {
			i++
			c = format[i]
			name := monthNames[d.month-1]
			n := d.day
			switch c {
			case 'm':
				n = d.month
			case 'Y':
				n = d.year
			case 'y':
				n = d.year % 100
			case 'a', 'A':
				name = dayNames[d.weekday()]
			}
			switch c {
			case '%':
			case 'a', 'b':
				b = append(b, name[:3]...)
				continue
			case 'A', 'B':
				b = append(b, name...)
				continue
			default:
				b = fmt.Appendf(b, "%02d", n)
				continue
			}
		}
		b = append(b, c)
	}
	return string(b)
}
