//! A module without what only a debugger reads.

/// The number of a custom section: a name and anything.
const CUSTOM: u8 = 0;

/// The module without its custom sections; `None` where it is no module.
pub(crate) fn without_custom(module: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = module.split_at_checked(8)?;
    if !head.starts_with(b"\0asm") {
        return None;
    }
    let mut kept = head.to_vec();
    while let Some((&number, behind)) = rest.split_first() {
        let (length, digits) = length_of(behind)?;
        let (section, after) = rest.split_at_checked(1 + digits + length)?;
        if number != CUSTOM {
            kept.extend_from_slice(section);
        }
        rest = after;
    }
    Some(kept)
}

/// A length in LEB128, and of how many bytes it is.
fn length_of(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut length = 0;
    for (place, byte) in bytes.iter().enumerate().take(5) {
        length |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((length, place + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_custom_goes() {
        let head = b"\0asm\x01\0\0\0";
        let with = [&head[..], b"\x00\x05\x04name", b"\x01\x81\x00\x00", b"\x00\x02\x01x"].concat();
        assert_eq!(without_custom(&with), Some([&head[..], b"\x01\x81\x00\x00"].concat()));
        assert_eq!(without_custom(&with[..with.len() - 1]), None);
        assert_eq!(without_custom(b"<!doctype html>"), None);
    }
}
