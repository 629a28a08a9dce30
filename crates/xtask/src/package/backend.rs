//! Where a system is, as a web server is told to pass on to it.

use crate::Outcome;
use connections::Origin;

/// The servers of one system. Which of them is asked makes no difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Backend {
    /// As in [`super::route::Route`].
    pub(crate) name: String,
    pub(crate) is_tls: bool,
    /// Each with its port.
    pub(crate) servers: Vec<String>,
    /// What it is called: where it is one of many on a host, it knows itself by that.
    pub(crate) host: String,
}

impl Backend {
    /// `https://a.example.com,https://b.example.com`.
    pub(crate) fn read(name: &str, addresses: &str) -> Outcome<Self> {
        let mut servers = Vec::new();
        let mut schemes = Vec::new();
        let mut host = String::new();
        for address in addresses.split(',') {
            let origin = Origin::read(address).map_err(|fault| {
                format!(
                    "--backend {name}={addresses}: {address} {fault}; an address such as https://host:port is due"
                )
            })?;
            servers.push(format!("{}:{}", origin.host, origin.port));
            schemes.push(origin.is_tls);
            if host.is_empty() {
                host = origin.authority();
            }
        }
        if schemes.iter().any(|scheme| *scheme != schemes[0]) {
            return Err(format!("--backend {name}: all its addresses are https, or none is"));
        }
        let read = Self { name: name.to_owned(), is_tls: schemes[0], servers, host };
        let is_another = |server: &&String| name_of(server) != read.host_name();
        if read.is_tls
            && let Some(other) = read.servers.iter().find(is_another)
        {
            return Err(format!(
                "--backend {name}: {} and {} are two names, and a system shows a certificate of one; put another port \
                 of the same name, or one address",
                read.host_name(),
                name_of(other)
            ));
        }
        Ok(read)
    }

    pub(crate) fn scheme(&self) -> &'static str {
        if self.is_tls { "https" } else { "http" }
    }

    /// The address of each server.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = String> {
        self.servers.iter().map(|server| format!("{}://{server}", self.scheme()))
    }

    /// The same without the scheme's own port, which a system need not know as a part of its name.
    pub(super) fn usual_addresses(&self) -> impl Iterator<Item = String> {
        let port = if self.is_tls { ":443" } else { ":80" };
        self.addresses().map(move |address| address.strip_suffix(port).unwrap_or(&address).to_owned())
    }

    /// The name by which a server's certificate knows it.
    pub(crate) fn host_name(&self) -> &str {
        name_of(&self.host)
    }
}

/// A host without its port.
fn name_of(server: &str) -> &str {
    server.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(server, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_hosts_with_ports_of_one_scheme() {
        let one = Backend::read("oracle", "https://pod.example.com").unwrap();
        assert_eq!(
            (one.servers, one.host.as_str(), one.is_tls),
            (vec!["pod.example.com:443".to_owned()], "pod.example.com", true)
        );
        let two = Backend::read("oracle", "http://127.0.0.1:8787,http://[::1]:8788").unwrap();
        assert_eq!(two.servers, ["127.0.0.1:8787", "[::1]:8788"]);
        assert_eq!(two.host_name(), "127.0.0.1");
        let tls = Backend::read("oracle", "https://pod.example.com,https://pod.example.com:8443").unwrap();
        assert!(tls.usual_addresses().eq(["https://pod.example.com", "https://pod.example.com:8443"]));
        let two_names =
            Backend::read("oracle", "https://a.example.com,https://b.example.com:8443").unwrap_err();
        assert!(two_names.contains("a.example.com and b.example.com are two names"), "{two_names}");
        let mixed = "http://127.0.0.1,https://pod.example.com";
        for wrong in ["", "pod.example.com", "https://pod.example.com/x", mixed, "https://a;b"] {
            assert!(Backend::read("oracle", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_passed_on_to_another_machine_is_a_secret() {
        for open in
            ["http://pod.example.com", "http://10.0.0.1:8080", "http://127.0.0.1,http://pod.example.com"]
        {
            let refused = Backend::read("oracle", open).unwrap_err();
            assert!(refused.contains("must begin with https://"), "{refused}");
        }
    }
}
