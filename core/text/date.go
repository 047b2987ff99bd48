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
		number := func(digits string) (n int) {
			for _, c := range digits {
				n = 10*n + int(c-'0')
			}
			return n
		}
		d = date{number(text[:4]), number(text[5:7]), number(text[8:])}
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

const (
	monthNames = "January February March April May June July August September October November " +
		"December"
	dayNames = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
)

// insert writes the date in place of each format that stands between two planes.DateMark.
func (d date) insert(text string) string {
	if !strings.Contains(text, planes.DateMark) {
		return text
	}
	parts := strings.Split(text, planes.DateMark)
	for i := 1; i < len(parts); i += 2 {
		parts[i] = d.write(parts[i])
	}
	return strings.Join(parts, "")
}

// write is strftime for the directives of planes.IsDateFormat, in English.
func (d date) write(format string) string {
	var b strings.Builder
	two := func(n int) { b.WriteString(string([]byte{'0' + byte(n/10), '0' + byte(n%10)})) }
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		names, n := monthNames, d.month-1
		switch format[i] {
		case 'd':
			two(d.day)
			continue
		case 'm':
			two(d.month)
			continue
		case 'Y':
			two(d.year / 100)
			two(d.year % 100)
			continue
		case 'y':
			two(d.year % 100)
			continue
		case '%':
			b.WriteByte('%')
			continue
		case 'a', 'A':
			names, n = dayNames, d.weekday()
		}
		name := strings.Fields(names)[n]
		if format[i] == 'a' || format[i] == 'b' {
			name = name[:3]
		}
		b.WriteString(name)
	}
	return b.String()
}
