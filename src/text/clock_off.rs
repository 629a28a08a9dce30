//! How far a clock is off, in words.

/// `1 hour 2 minutes ahead`; seconds beyond whole minutes are left away.
pub fn clock_off(seconds: i64) -> String {
    let minutes = seconds.unsigned_abs() / 60;
    let part = |number: u64, thing: &str| match number {
        0 => None,
        1 => Some(format!("1 {thing}")),
        number => Some(format!("{} {thing}s", super::count(number))),
    };
    let parts: Vec<_> =
        [part(minutes / 60, "hour"), part(minutes % 60, "minute")].into_iter().flatten().collect();
    format!("{} {}", parts.join(" "), if seconds > 0 { "ahead" } else { "behind" })
}
