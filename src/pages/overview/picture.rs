//! Pictures as text of SVG: one piece of text weighs less than a view of some hundred elements, and nothing in it
//! changes before its successor comes.

use grid_model::visible;

/// An element, empty or around others; `attributes` may be of any text.
pub fn element(name: &str, attributes: &[(&str, &str)], inside: &str) -> String {
    let mut text = format!("<{name}");
    for (attribute, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!(" {attribute}=\"{}\"", escaped(value)));
    }
    text.push_str(&format!(">{inside}</{name}>"));
    text
}

/// A text that is no markup.
pub fn escaped(text: &str) -> String {
    let visible = visible(text);
    let mut plain = String::with_capacity(visible.len());
    for letter in visible.chars() {
        match letter {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '"' => plain.push_str("&quot;"),
            letter => plain.push(letter),
        }
    }
    plain
}

/// A rectangle; places and lengths are pixels, or shares with their sign.
pub fn bar(class: &str, kind: (&str, &str), [x, y, width, height]: [&str; 4]) -> String {
    element("rect", &[("class", class), kind, ("x", x), ("y", y), ("width", width), ("height", height)], "")
}

/// A line from one place to another.
pub fn line(class: &str, [x1, y1, x2, y2]: [&str; 4]) -> String {
    element("line", &[("class", class), ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)], "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn no_text_breaks_out_of_its_place() {
        let link = element("a", &[("href", "/x?a=1&b=\"><script>"), ("class", "")], &escaped("a<b & c"));
        assert_eq!(link, "<a href=\"/x?a=1&amp;b=&quot;>&lt;script>\">a&lt;b &amp; c</a>");
    }
}
