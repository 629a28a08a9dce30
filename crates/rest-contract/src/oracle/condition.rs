//! Row-match expressions for the `q` parameter (Oracle REST, framework version 2 and later): text in
//! single quotes with quotes doubled, `like` with `*` or `%` for any run of characters.

/// `attribute in ('a','b')`; for one value an equation.
pub fn one_of(attribute: &str, values: &[impl AsRef<str>]) -> String {
    let quoted: Vec<_> = values.iter().map(|value| quoted(value.as_ref())).collect();
    match quoted.as_slice() {
        [one] => format!("{attribute} = {one}"),
        _ => format!("{attribute} in ({})", quoted.join(",")),
    }
}

/// Rows in which one of the attributes holds the text, in any case. Wildcards in the text stay
/// wildcards: there is no way to escape them.
pub fn any_like(attributes: &[&str], text: &str) -> String {
    let pattern = quoted(&format!("%{}%", text.to_uppercase()));
    let terms: Vec<_> =
        attributes.iter().map(|attribute| format!("UPPER({attribute}) like {pattern}")).collect();
    format!("({})", terms.join(" or "))
}

pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_break_out_of_its_quotes() {
        assert_eq!(one_of("EventStatus", &["A"]), "EventStatus = 'A'");
        assert_eq!(one_of("EventStatus", &["A", "x' or '1'='1"]), "EventStatus in ('A','x'' or ''1''=''1')");
        assert_eq!(
            any_like(&["Error", "ServiceId"], "o'b"),
            "(UPPER(Error) like '%O''B%' or UPPER(ServiceId) like '%O''B%')"
        );
    }
}
