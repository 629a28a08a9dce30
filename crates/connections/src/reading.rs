//! From the file's text to connections, member by member. Each member is taken as its text first: what derives for all of
//! these types would be a tenth of what a browser has to load before anything is seen.

use super::parser_words::plain;
use super::{
    BrowserCredentials, Colour, Connection, Connections, Environment, Fault, LONGEST_NAME, Limits,
    OpenIdConnect, SignInMethod, address, oauth_text, tenants,
};
use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::RangeInclusive;

/// A secret has no place in a file that every browser reads, whatever it is called.
const SECRET: &str = "a secret must not stand here, for everybody who opens the page can read this file; take it out, and renew it.";

pub(super) fn read(bytes: &[u8]) -> Result<Connections, Fault> {
    // Some editors write a byte order mark, which no JSON has.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
        Fault { at: Some(place_behind(&before)), ..Fault::new("it is not written in UTF-8 from here on.") }
    })?;
    match text.trim_start().chars().next() {
        None => return Err(Fault::new("The file is empty.")),
        Some('<') => {
            return Err(Fault::new(
                "It is a page, not JSON: the server answers with a page where it has no such file, a gateway where it does not know you.",
            ));
        }
        Some(_) => {}
    }
    let file = File { text };
    let mut connections = Connections::default();
    file.members(text, |name, value| {
        match name {
            "environment" => connections.environment = Some(file.environment(value)?),
            "demo" => connections.demo = file.flag(value)?,
            "defaultZone" => connections.default_zone = Some(file.zone(value)?),
            "limits" => connections.limits = file.limits(value)?,
            "oracle" => connections.oracle = Some(file.connection(value, Of::Oracle)?),
            "logiSense" => connections.logi_sense = Some(file.connection(value, Of::LogiSense)?),
            "cloudFoundry" => connections.cloud_foundry = Some(file.connection(value, Of::CloudFoundry)?),
            _ => return Err(file.unknown(name, value)),
        }
        Ok(())
    })?;
    let Connections { oracle, logi_sense, cloud_foundry, .. } = &connections;
    if [oracle, logi_sense, cloud_foundry].iter().all(|connection| connection.is_none()) {
        return Err(Fault::new(
            "It names no system: at least one of \"oracle\", \"logiSense\" and \"cloudFoundry\" must be there.",
        ));
    }
    Ok(connections)
}

/// Line and column, from 1.
fn place_behind(before: &str) -> (usize, usize) {
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// The marks, embeddings, overrides and isolates of the Unicode Bidirectional Algorithm.
fn turns_the_writing(sign: char) -> bool {
    matches!(sign, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What takes no room, or shows none: soft hyphen, fillers, separators of lines, operators, tags, and what joins its
/// neighbours, which is seen only between two others.
fn is_not_seen(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'
        | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whose connection it is: not every member is for each.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Oracle,
    /// It gives tokens of its own.
    LogiSense,
    CloudFoundry,
}

/// The whole text, in which parts of it have their places.
#[derive(Clone, Copy)]
struct File<'a> {
    text: &'a str,
}

impl<'a> File<'a> {
    /// A fault so many bytes behind the begin of a part of the text.
    fn fault(self, part: &str, behind: usize, words: impl Into<String>) -> Fault {
        let begin = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let before = self.text.get(..begin + behind).unwrap_or(self.text);
        Fault { at: Some(place_behind(before)), ..Fault::new(words) }
    }

    fn unknown(self, name: &str, value: &str) -> Fault {
        let is_secret = name.to_ascii_lowercase().contains("secret");
        self.fault(value, 0, if is_secret { SECRET } else { "there is no member of this name." })
    }

    /// What the parser says of a part of the text, at its place in the whole.
    fn broken(self, part: &str, error: &serde_json::Error) -> Fault {
        // Of a value that is no object the parser tells where it ends.
        if error.is_data() {
            let blank = part.len() - part.trim_start().len();
            return self.fault(part, blank, plain("", "", &error.to_string()));
        }
        // The place counts from the part's begin.
        let line_begin =
            part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        let behind = (line_begin + error.column().saturating_sub(1)).min(part.len());
        let (before, here) = part.split_at_checked(behind).unwrap_or((part, ""));
        self.fault(part, behind, plain(before, here, &error.to_string()))
    }

    /// Gives every member of an object, by name and text; each name comes once.
    fn members(
        self,
        object: &'a str,
        mut take: impl FnMut(&str, &'a str) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut parser = serde_json::Deserializer::from_slice(object.as_bytes());
        let members = parser.deserialize_map(Members).and_then(|members| parser.end().map(|()| members));
        let members = members.map_err(|error| self.broken(object, &error))?;
        for (place, (name, value)) in members.iter().enumerate() {
            if members[..place].iter().any(|(before, _)| before == name) {
                return Err(self.fault(value.get(), 0, "this member stands here twice.").within(name));
            }
            take(name, value.get()).map_err(|fault| fault.within(name))?;
        }
        Ok(())
    }

    fn environment(self, value: &'a str) -> Result<Environment, Fault> {
        let mut environment = Environment { name: String::new(), colour: Colour::default() };
        self.members(value, |name, value| {
            match name {
                "name" => environment.name = self.environment_name(value)?,
                "colour" => environment.colour = self.one_of(value, &Colour::ALL, Colour::name)?,
                _ => return Err(self.unknown(name, value)),
            }
            Ok(())
        })?;
        if environment.name.is_empty() {
            return Err(self.fault(value, 0, "\"name\" is due here."));
        }
        Ok(environment)
    }

    fn environment_name(self, value: &str) -> Result<String, Fault> {
        let name = self.text(value)?.trim().to_owned();
        if !(1..=LONGEST_NAME).contains(&name.chars().count()) || name.contains(char::is_control) {
            let words = format!("an environment's name has 1 to {LONGEST_NAME} letters, in one line.");
            return Err(self.fault(value, 0, words));
        }
        if name.contains(turns_the_writing) {
            let words = "it holds a sign that is not seen and turns the writing's direction, so that the name would be read as another one; take it out.";
            return Err(self.fault(value, 0, words));
        }
        let joins = ['\u{200c}', '\u{200d}', '\u{fe0e}', '\u{fe0f}'];
        if name.contains(is_not_seen) || name.starts_with(joins) {
            let words = "it holds a sign that is not seen, so that the name would be read as another one; take it out.";
            return Err(self.fault(value, 0, words));
        }
        Ok(name)
    }

    fn connection(self, value: &'a str, of: Of) -> Result<Connection, Fault> {
        let mut connection = Connection::default();
        let object = value;
        self.members(value, |name, value| {
            match name {
                "base" => connection.base = self.address(value, address::base)?,
                "tokenService" => connection.token_service = Some(self.address(value, address::base)?),
                "signIn" => connection.sign_in = self.methods(value)?,
                "clientId" => connection.client_id = Some(self.checked(value, oauth_text::client_id)?),
                "openIdConnect" if of != Of::LogiSense => {
                    connection.open_id_connect = Some(self.provider(value)?);
                }
                "frameworkVersion" if of == Of::Oracle => {
                    connection.framework_version = Some(self.version(value)?);
                }
                "credentials" => {
                    let names = (&BrowserCredentials::ALL, BrowserCredentials::name);
                    connection.credentials = Some(self.one_of(value, names.0, names.1)?);
                }
                _ => return Err(self.unknown(name, value)),
            }
            Ok(())
        })?;
        let is_at_provider = connection.sign_in.contains(&SignInMethod::OpenIdConnect);
        if is_at_provider && connection.open_id_connect.is_none() {
            let words = "\"openid-connect\" needs \"openIdConnect\" beside it, which names the provider.";
            return Err(self.fault(object, 0, words));
        }
        Ok(connection)
    }

    fn provider(self, value: &'a str) -> Result<OpenIdConnect, Fault> {
        let mut provider = OpenIdConnect { scopes: vec!["openid".to_owned()], ..OpenIdConnect::default() };
        self.members(value, |name, value| {
            match name {
                "issuer" => provider.issuer = self.address(value, address::issuer)?,
                "clientId" => provider.client_id = self.checked(value, oauth_text::client_id)?,
                "scopes" => provider.scopes = self.scopes(value)?,
                "resource" => provider.resource = Some(self.checked(value, oauth_text::resource)?),
                "tenants" => provider.tenants = self.tenants(value)?,
                _ => return Err(self.unknown(name, value)),
            }
            Ok(())
        })?;
        match (provider.issuer.is_empty(), provider.client_id.is_empty()) {
            (false, false) => Ok(provider),
            (true, _) => Err(self.fault(value, 0, "\"issuer\" is due here.")),
            (_, true) => Err(self.fault(value, 0, "\"clientId\" is due here.")),
        }
    }

    fn scopes(self, value: &'a str) -> Result<Vec<String>, Fault> {
        let scopes = self.list(value, |one| self.checked(one, oauth_text::scope))?;
        if !scopes.iter().any(|scope| scope == "openid") {
            return Err(self.fault(value, 0, "\"openid\" must be among the scopes."));
        }
        Ok(scopes)
    }

    fn tenants(self, value: &'a str) -> Result<Vec<String>, Fault> {
        let tenants = self.list(value, |one| self.checked(one, tenants::tenant))?;
        if tenants.is_empty() {
            let words = "at least one tenant is due here; where the provider speaks for one alone, leave the member out.";
            return Err(self.fault(value, 0, words));
        }
        Ok(tenants)
    }

    /// The values of a list, each once.
    fn list<T: PartialEq>(
        self,
        value: &'a str,
        read: impl Fn(&'a str) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let listed: Vec<&RawValue> = serde_json::from_slice(value.as_bytes())
            .map_err(|_| self.fault(value, 0, "a list of texts in [ ] is due here."))?;
        let mut list = Vec::new();
        for (place, one) in listed.iter().enumerate() {
            let read = read(one.get()).and_then(|read| match list.contains(&read) {
                true => Err(self.fault(one.get(), 0, "this stands in the list twice.")),
                false => Ok(read),
            });
            list.push(read.map_err(|fault| fault.within(&format!("[{place}]")))?);
        }
        Ok(list)
    }

    fn text(self, value: &str) -> Result<String, Fault> {
        serde_json::from_slice(value.as_bytes())
            .map_err(|_| self.fault(value, 0, "a text in double quotes is due here."))
    }

    fn flag(self, value: &str) -> Result<bool, Fault> {
        match value {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(self.fault(value, 0, "true or false is due here.")),
        }
    }

    /// A zone by its form; whether there is one of that name, the browser knows.
    fn zone(self, value: &str) -> Result<String, Fault> {
        let zone = self.text(value)?;
        let is_part = |part: &str| {
            part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte))
                && part.starts_with(|letter: char| letter.is_ascii_alphabetic())
        };
        if zone.split('/').all(is_part) {
            return Ok(zone);
        }
        Err(self.fault(value, 0, "the name of a time zone is due here, such as \"Europe/Berlin\"."))
    }

    fn limits(self, value: &'a str) -> Result<Limits, Fault> {
        let mut limits = Limits::default();
        self.members(value, |name, value| {
            match name {
                "wholeListRows" => limits.whole_list_rows = self.number(value, &Limits::WHOLE_LIST_ROWS)?,
                "addressBytes" => limits.address_bytes = self.number(value, &Limits::ADDRESS_BYTES)?,
                _ => return Err(self.unknown(name, value)),
            }
            Ok(())
        })?;
        Ok(limits)
    }

    fn number(self, value: &str, within: &RangeInclusive<usize>) -> Result<usize, Fault> {
        let number = value.parse().ok().filter(|number| within.contains(number));
        number.ok_or_else(|| {
            self.fault(
                value,
                0,
                format!("a whole number from {} to {} is due here.", within.start(), within.end()),
            )
        })
    }

    fn version(self, value: &str) -> Result<u8, Fault> {
        let version = value.parse().ok().filter(|version| (1..=9).contains(version));
        version.ok_or_else(|| self.fault(value, 0, "a version from 1 to 9 is due here."))
    }

    fn checked(self, value: &str, check: fn(&str) -> Result<String, &'static str>) -> Result<String, Fault> {
        check(&self.text(value)?).map_err(|fault| self.fault(value, 0, fault))
    }

    fn address(self, value: &str, read: fn(&str) -> Result<String, &'static str>) -> Result<String, Fault> {
        let address = self.text(value)?;
        read(&address).map_err(|fault| {
            // A password in it is not shown once more.
            let words = match address.contains('@') {
                true => format!("the address {fault}."),
                false => format!("the address \"{address}\" {fault}."),
            };
            self.fault(value, 0, words)
        })
    }

    fn methods(self, value: &'a str) -> Result<Vec<SignInMethod>, Fault> {
        let methods = self.list(value, |one| self.one_of(one, &SignInMethod::ALL, SignInMethod::name))?;
        if methods.is_empty() {
            return Err(self.fault(value, 0, "at least one way to sign in is due here."));
        }
        Ok(methods)
    }

    fn one_of<T: Copy>(self, value: &str, all: &[T], name: fn(T) -> &'static str) -> Result<T, Fault> {
        let text = self.text(value)?;
        all.iter().copied().find(|one| name(*one) == text).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|one| name(*one)).collect();
            self.fault(value, 0, format!("\"{text}\" is none of: {}.", names.join(", ")))
        })
    }
}

/// The members of an object, with their values as they are written.
struct Members;

impl<'a> Visitor<'a> for Members {
    type Value = Vec<(String, &'a RawValue)>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}
