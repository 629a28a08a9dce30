//! A query that is too long for an address, in portions of which no event is in two.

use crate::portions::divided;

/// The same question in portions: divided is the parameter with the longest list of values (`…_guids=a,b,c`), of which
/// an event has one. Nothing where no portion fits.
pub fn in_portions(query: &str, fits: &dyn Fn(&str) -> bool) -> Option<Vec<String>> {
    divided(query.to_owned(), fits, &halves)
}

fn halves(query: &str) -> Option<(String, String)> {
    let parameters: Vec<(&str, &str)> =
        query.split('&').map(|one| one.split_once('=').unwrap_or((one, ""))).collect();
    let is_list = |name: &str| name.ends_with("guids") || name.ends_with("_types");
    let (place, values) = parameters
        .iter()
        .enumerate()
        .filter(|(_, (name, _))| is_list(name))
        .map(|(place, (_, values))| (place, values_of(values)))
        .max_by_key(|(_, values)| values.iter().map(|value| value.len()).sum::<usize>())?;
    let (first, second) = values.split_at(values.len() / 2);
    if first.is_empty() {
        return None;
    }
    let with = |values: &[&str]| {
        let own = values.join(",");
        let all = parameters.iter().enumerate().map(|(at, (name, text))| {
            let text = if at == place { own.as_str() } else { text };
            if text.is_empty() { (*name).to_owned() } else { format!("{name}={text}") }
        });
        all.collect::<Vec<_>>().join("&")
    };
    Some((with(first), with(second)))
}

/// The values of a list, each once: of one that came twice the events would be in two portions.
fn values_of(list: &str) -> Vec<&str> {
    let mut values: Vec<&str> = Vec::new();
    for value in list.split(',') {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, most: usize, portions: &[&str]) {
        let found = in_portions(query, &|portion| portion.len() <= most);
        assert_eq!(found.unwrap_or_default(), portions);
    }

    #[test]
    fn the_longest_list_is_divided() {
        check("service_offering_guids=a,b", 99, &["service_offering_guids=a,b"]);
        check(
            "service_instance_types=m,u&x_guids=a,b,c,d&order_by=-created_at",
            60,
            &[
                "service_instance_types=m,u&x_guids=a,b&order_by=-created_at",
                "service_instance_types=m,u&x_guids=c,d&order_by=-created_at",
            ],
        );
        check("&x_guids=a,b,a", 11, &["&x_guids=a", "&x_guids=b"]);
        // A comma within a value is encoded twice, and parts none.
        check("x_guids=a%252Cb,c", 15, &["x_guids=a%252Cb", "x_guids=c"]);
    }

    #[test]
    fn what_is_no_list_is_not_divided() {
        for query in ["order_by=-created_at,b", "x_guids=abcdef", "", "x_guids"] {
            assert_eq!(in_portions(query, &|_| false), None, "{query}");
        }
    }
}
