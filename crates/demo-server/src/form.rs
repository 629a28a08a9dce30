//! Reads a form body (`application/x-www-form-urlencoded`).

use axum::extract::Request;
use axum::http::header;
use percent_encoding::percent_decode_str;

use crate::request_body;

const LONGEST_FORM: usize = 16 * 1024;

/// The form's members, decoded, in order; or why there are none.
pub(crate) async fn read(request: Request) -> Result<Vec<(String, String)>, String> {
    let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_form = media_type.is_some_and(|text| {
        text.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    if !is_form {
        return Err("The body must be application/x-www-form-urlencoded.".to_owned());
    }
    let body = request_body::read(request.into_body(), LONGEST_FORM).await;
    let body = body.map_err(|unread| unread.told(LONGEST_FORM))?;
    let text = std::str::from_utf8(&body).map_err(|_| "The body is not UTF-8.".to_owned())?;
    let members: Vec<_> =
        text.split('&').filter(|pair| !pair.is_empty()).map(read_pair).collect::<Result<_, _>>()?;
    // RFC 6749, section 3.2: parameters must not be included more than once.
    match members
        .iter()
        .enumerate()
        .find(|(place, (name, _))| members.iter().take(*place).any(|(one, _)| one == name))
    {
        Some((_, (name, _))) => Err(format!("{name} is given more than once.")),
        None => Ok(members),
    }
}

fn read_pair(pair: &str) -> Result<(String, String), String> {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    Ok((decoded(name)?, decoded(value)?))
}

/// Percent-decodes one member of a form or a query string; `+` is a space. The zero character is
/// refused: no name or value holds it, and not every database can be asked for it.
pub(crate) fn decoded(text: &str) -> Result<String, String> {
    match percent_decode_str(&text.replace('+', " ")).decode_utf8() {
        Ok(text) if text.contains('\0') => Err("It holds a zero character.".to_owned()),
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err("It is not UTF-8 after percent-decoding.".to_owned()),
    }
}
