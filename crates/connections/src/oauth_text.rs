//! What the file says to an authorization server, by the forms that OAuth 2.0 gives it. A text that has another form is
//! refused here, for a server would refuse it in words of its own, or look for something else than was meant.

/// The name by which a server knows this console (RFC 6749, A.1).
pub(crate) fn client_id(text: &str) -> Result<String, &'static str> {
    if text.is_empty() {
        Err("a client's name is due here; where there is none, leave the member out.")
    } else if text.trim() != text {
        Err("the client's name must not begin or end with a blank.")
    } else if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        Err(
            "the client's name holds a sign that no server takes there: only letters without accents, digits, signs and blanks are taken.",
        )
    } else {
        Ok(text.to_owned())
    }
}

/// One word of what is asked for (RFC 6749, A.4).
pub(crate) fn scope(text: &str) -> Result<String, &'static str> {
    let is_sign = |byte: u8| (b'!'..=b'~').contains(&byte) && !b"\"\\".contains(&byte);
    if text.is_empty() {
        Err("a scope is due here.")
    } else if text.contains(' ') {
        Err("a scope holds no blank: each is a text of its own, such as [\"openid\", \"profile\"].")
    } else if !text.bytes().all(is_sign) {
        Err("the scope holds a sign that no server takes there.")
    } else {
        Ok(text.to_owned())
    }
}

/// The API that tokens are to be for: a whole URI without a fragment (RFC 8707, 2).
pub(crate) fn resource(text: &str) -> Result<String, &'static str> {
    let (scheme, behind) = text.split_once(':').unwrap_or(("", ""));
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_sign = |byte: u8| (b'!'..=b'~').contains(&byte) && !b"\"<>\\^`{|}".contains(&byte);
    if text.contains('#') {
        Err("the resource must end before its #.")
    } else if !is_scheme || behind.is_empty() {
        Err("the resource is a whole URI, such as \"https://api.example.com\" or \"urn:fusion\".")
    } else if !text.bytes().all(is_sign) {
        Err("the resource holds a blank or a sign that no URI has.")
    } else {
        Ok(text.to_owned())
    }
}
