//! What a time on a page or a screen says: its fields, as far as its form has them.

use std::sync::LazyLock;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use regex::Regex;

/// The fields of a time; those that its form lacks are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Moment {
    year: Option<i16>,
    day: Option<(i8, i8)>,
    clock: Option<(i8, i8, Option<i8>)>,
    has_fraction: bool,
    offset: Option<i32>,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The zones that `date` and logs name by letters, in minutes east of Greenwich.
const ZONES: [(&str, i32); 16] = [
    ("UTC", 0),
    ("GMT", 0),
    ("Z", 0),
    ("KST", 540),
    ("JST", 540),
    ("IST", 330),
    ("CET", 60),
    ("CEST", 120),
    ("BST", 60),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("PST", -480),
    ("PDT", -420),
];

impl Moment {
    /// Reads a time of one of the shapes of `token.rs`; `None` if a field is out of range.
    pub(super) fn parse(shape: &str, text: &str) -> Option<Self> {
        let word = |at: usize| text.split_whitespace().nth(at);
        let mut moment = Self::default();
        match shape {
            "rfc3339" | "slashes" | "minute" => {
                moment.date(text.get(..4)?, text.get(5..7)?, text.get(8..10)?)?;
                moment.time(text.get(11..)?)?;
            }
            "date" => moment.date(text.get(..4)?, text.get(5..7)?, text.get(8..10)?)?,
            "apache" | "tomcat" => {
                moment.date(text.get(7..11)?, text.get(3..6)?, text.get(..2)?)?;
                moment.time(text.get(12..)?)?;
            }
            "ctime" => {
                moment.date(text.split_whitespace().next_back()?, word(1)?, word(2)?)?;
                moment.time(word(3)?)?;
            }
            "http" => {
                moment.date(word(3)?, word(2)?, word(1)?)?;
                moment.time(word(4)?)?;
            }
            "build" => {
                moment.date(word(2)?.trim_end_matches(','), word(0)?, word(1)?)?;
                moment.time(word(3)?)?;
            }
            "openssl" => {
                moment.date(word(3)?, word(0)?, word(1)?)?;
                moment.time(word(2)?)?;
            }
            "syslog" => {
                moment.month_day(word(0)?, word(1)?, 2000)?;
                moment.time(word(2)?)?;
            }
            "listing" => match word(2)? {
                clock if clock.contains(':') => {
                    moment.month_day(word(0)?, word(1)?, 2000)?;
                    moment.time(clock)?;
                }
                year => moment.date(year, word(0)?, word(1)?)?,
            },
            _ => moment.time(text)?,
        }
        moment.offset = offset_of(zone(shape, text));
        Some(moment)
    }

    /// A number of seconds since 1970, as `date -d @N` takes it.
    pub(super) fn of_epoch(seconds: i64) -> Option<Self> {
        let start = DateTime::new(1970, 1, 1, 0, 0, 0, 0).ok()?;
        let civil = start.checked_add(SignedDuration::from_secs(seconds)).ok()?;
        Some(Self { offset: Some(0), ..Self::of_civil(civil) })
    }

    /// The dates of a command in forms that only `touch` and `date` read: `-t 202601021504`, `2 Jan 2026`,
    /// `January 2, 2026`, `2026/1/2`, each with a time of day if one follows.
    pub(super) fn written(command: &str) -> Vec<Self> {
        static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
            let month = "(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*";
            let clock = "(?:[T ](?<h>[0-9]{1,2}):(?<i>[0-9]{2})(?::(?<s>[0-9]{2}))?)?";
            Regex::new(&format!(
                r"(?-u:\b)(?:(?<d1>[0-9]{{1,2}}) (?<m1>{month}),? (?<y1>[0-9]{{4}})|(?<m2>{month}) (?<d2>[0-9]{{1,2}}),? (?<y2>[0-9]{{4}})|(?<y3>[0-9]{{4}})[/-](?<m3>[0-9]{{1,2}})[/-](?<d3>[0-9]{{1,2}})|(?<y4>[0-9]{{4}})(?<m4>[0-9]{{2}})(?<d4>[0-9]{{2}})){clock}(?-u:\b)|-t ?(?<c5>[0-9]{{2}})?(?<y5>[0-9]{{2}})(?<m5>[0-9]{{2}})(?<d5>[0-9]{{2}})(?<h5>[0-9]{{2}})(?<i5>[0-9]{{2}})(?:\.(?<s5>[0-9]{{2}}))?(?-u:\b)"
            ))
            .expect("the expression is constant")
        });
        let of = |found: regex::Captures<'_>| {
            let group = |name: &str| found.name(name).map(|text| text.as_str());
            let mut moment = Self::default();
            if let Some(year) = group("y5") {
                let century = group("c5").unwrap_or(if year < "69" { "20" } else { "19" });
                moment.date(&format!("{century}{year}"), group("m5")?, group("d5")?)?;
                moment.time(&format!("{}:{}:{}", group("h5")?, group("i5")?, group("s5").unwrap_or("00")))?;
                return Some(moment);
            }
            let number = (1..=4).find(|number| group(&format!("y{number}")).is_some())?;
            let part = |name: &str| group(&format!("{name}{number}"));
            let month: String = part("m")?.to_lowercase().chars().take(3).collect();
            let named = MONTHS.iter().find(|name| name.to_lowercase() == month);
            moment.date(part("y")?, named.copied().unwrap_or(&month), part("d")?)?;
            if let (Some(hour), Some(minute)) = (group("h"), group("i")) {
                moment.time(&format!("{hour:0>2}:{minute}:{}", group("s").unwrap_or("00")))?;
            }
            Some(moment)
        };
        WRITTEN.captures_iter(command).filter_map(of).collect()
    }

    fn of_civil(civil: DateTime) -> Self {
        Self {
            year: Some(civil.year()),
            day: Some((civil.month(), civil.day())),
            clock: Some((civil.hour(), civil.minute(), Some(civil.second()))),
            has_fraction: false,
            offset: None,
        }
    }

    fn date(&mut self, year: &str, month: &str, day: &str) -> Option<()> {
        let year: i16 = year.parse().ok()?;
        self.year = Some(year);
        self.month_day(month, day, year)
    }

    fn month_day(&mut self, month: &str, day: &str, year: i16) -> Option<()> {
        let month: i8 = match MONTHS.iter().position(|name| *name == month) {
            Some(at) => i8::try_from(at + 1).ok()?,
            None => month.parse().ok()?,
        };
        let day: i8 = day.trim_start().parse().ok()?;
        DateTime::new(year, month, day, 0, 0, 0, 0).ok()?;
        self.day = Some((month, day));
        Some(())
    }

    fn time(&mut self, text: &str) -> Option<()> {
        let two = |at: usize| text.get(at..at + 2)?.parse::<i8>().ok();
        let second = if text.as_bytes().get(5) == Some(&b':') { Some(two(6)?) } else { None };
        let (hour, minute) = (two(0)?, two(3)?);
        self.clock = Some((hour, minute, second));
        self.has_fraction = matches!(text.as_bytes().get(8), Some(b'.' | b','))
            && text[9..].bytes().take_while(u8::is_ascii_digit).any(|digit| digit != b'0');
        (hour <= 23 && minute <= 59 && second.is_none_or(|second| second <= 60)).then_some(())
    }

    /// Whether `shown` says nothing but what this time says, in whatever form and zone.
    pub(super) fn covers(&self, shown: &Self) -> bool {
        let (Some(year), Some((month, day))) = (self.year, self.day) else { return self == shown };
        let (hour, minute, second) = self.clock.unwrap_or((0, 0, None));
        let Ok(civil) = DateTime::new(year, month, day, hour, minute, second.unwrap_or(0).min(59), 0) else {
            return false;
        };
        let here = match (self.offset, shown.offset) {
            (Some(own), Some(other)) if own != other => shifted(civil, own, other),
            _ => Some(civil),
        };
        let Some(here) = here.map(Self::of_civil) else { return false };
        let same_clock = match (shown.clock, here.clock) {
            (Some((hour, minute, second)), Some((own_hour, own_minute, own_second))) => {
                (hour, minute) == (own_hour, own_minute) && second.is_none_or(|_| second == own_second)
            }
            _ => true,
        };
        let dated = shown.day.is_some() || self.clock.is_some();
        dated
            && same_clock
            && shown.year.is_none_or(|_| shown.year == here.year)
            && shown.day.is_none_or(|_| shown.day == here.day)
            && (!shown.has_fraction || self.has_fraction)
    }
}

/// A wall clock's reading `from` minutes east of Greenwich, as it is `to` minutes east.
fn shifted(civil: DateTime, from: i32, to: i32) -> Option<DateTime> {
    civil.checked_add(SignedDuration::from_mins(i64::from(to - from))).ok()
}

/// The zone that a time names; empty if it names none.
pub(super) fn zone<'a>(shape: &str, text: &'a str) -> &'a str {
    match shape {
        "rfc3339" => {
            let rest = text.get(19..).unwrap_or_default();
            let fraction = match rest.as_bytes().first() {
                Some(b'.' | b',') => 1 + rest[1..].bytes().take_while(u8::is_ascii_digit).count(),
                _ => 0,
            };
            &rest[fraction..]
        }
        "apache" => text.get(21..).unwrap_or_default(),
        "http" => text.rsplit(' ').next().unwrap_or_default(),
        "openssl" => text.split_whitespace().nth(4).unwrap_or_default(),
        "ctime" => text
            .split_whitespace()
            .nth(4)
            .filter(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()))
            .unwrap_or_default(),
        _ => "",
    }
}

fn offset_of(zone: &str) -> Option<i32> {
    let zone = zone.trim();
    let zone = zone.split(' ').next().unwrap_or_default();
    if let Some(&(_, minutes)) = ZONES.iter().find(|(name, _)| *name == zone) {
        return Some(minutes);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes): (i32, i32) = (digits.get(..2)?.parse().ok()?, digits.get(2..4)?.parse().ok()?);
    Some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_out_of_range_are_no_time() {
        for (shape, text) in [
            ("rfc3339", "2026-11-24T25:00:00Z"),
            ("date", "2026-02-30"),
            ("date", "2026-13-01"),
            ("clock", "99:99:99"),
            ("listing", "Nov 31 10:00"),
            ("apache", "32/Nov/2026:20:43:52 +0000"),
        ] {
            assert_eq!(Moment::parse(shape, text), None, "{text}");
        }
        assert!(Moment::parse("clock", "23:59:60").is_some());
        assert!(Moment::parse("ctime", "Thu Feb 29 00:00:00 UTC 2024").is_some());
    }

    #[test]
    fn one_moment_in_several_forms() {
        let start = Moment::of_epoch(0).unwrap();
        for (shape, text) in [
            ("ctime", "Thu Jan  1 00:00:00 UTC 1970"),
            ("ctime", "Thu Jan  1 09:00:00 KST 1970"),
            ("rfc3339", "1970-01-01T00:00:00Z"),
            ("rfc3339", "1970-01-01 09:00:00 +0900"),
            ("listing", "Jan  1  1970"),
            ("date", "1970-01-01"),
        ] {
            assert!(start.covers(&Moment::parse(shape, text).unwrap()), "{text}");
        }
        for (shape, text) in [("rfc3339", "1970-01-01T00:00:01Z"), ("date", "1970-01-02")] {
            assert!(!start.covers(&Moment::parse(shape, text).unwrap()), "{text}");
        }
        let day = Moment::parse("date", "2026-11-24").unwrap();
        assert!(!day.covers(&Moment::parse("rfc3339", "2026-11-24T05:12:40Z").unwrap()));
        assert!(!day.covers(&Moment::parse("clock", "00:00:00").unwrap()));
    }
}
