//! Which addresses may be contacted: public ones, and private ones that are listed.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// The private addresses and host names that may be contacted all the same: `feeds.private`.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    names: Vec<String>,
    /// Addresses with their prefix lengths.
    nets: Vec<(IpAddr, u8)>,
}

/// A private host that is not listed.
#[derive(Debug, thiserror::Error)]
#[error("`{host}` is the private address {ip}; list it in `feeds.private` to have it polled")]
pub(super) struct Private {
    host: String,
    ip: IpAddr,
}

impl Allowed {
    /// Parses the list; the error names the invalid entry.
    pub fn parse(list: &[String]) -> Result<Self, String> {
        let mut out = Self::default();
        for entry in list.iter().map(|entry| entry.trim()).filter(|entry| !entry.is_empty()) {
            let (address, bits) = entry.split_once('/').map_or((entry, None), |(a, b)| (a, Some(b)));
            let ip = address.trim_matches(['[', ']']).parse::<IpAddr>();
            match (ip, bits) {
                (Ok(ip), bits) => {
                    let most = if ip.is_ipv4() { 32 } else { 128 };
                    let bits = bits.map_or(Ok(most), str::parse::<u8>).ok().filter(|bits| *bits <= most);
                    let bits = bits.ok_or_else(|| format!("`{entry}` has no number of bits up to {most}"))?;
                    out.nets.push((ip, bits));
                }
                (Err(_), None) if !entry.contains([':', ' ', '/']) => {
                    out.names.push(entry.to_ascii_lowercase());
                }
                _ => {
                    return Err(format!(
                        "`{entry}` is neither a host's name nor an address (10.1.2.3) nor a network (10.0.0.0/8)"
                    ));
                }
            }
        }
        Ok(out)
    }

    /// Whether a host of this name may be contacted at this address.
    fn takes(&self, host: &str, ip: IpAddr) -> bool {
        !is_private(ip)
            || self.nets.iter().any(|(net, bits)| within(ip, *net, *bits))
            || self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Refuses a URL that contains a private address itself: such a URL never reaches the resolver.
    pub fn check(&self, url: &Url) -> Result<(), Private> {
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            _ => return Ok(()),
        };
        let host = ip.to_string();
        if self.takes(&host, ip) { Ok(()) } else { Err(Private { host, ip }) }
    }
}

fn within(ip: IpAddr, net: IpAddr, bits: u8) -> bool {
    let equal = |a: u128, b: u128, width: u8| bits == 0 || (a ^ b) >> (width - bits) == 0;
    match (ip, net) {
        (IpAddr::V4(a), IpAddr::V4(b)) => equal(u32::from(a).into(), u32::from(b).into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => equal(a.into(), b.into(), 128),
        _ => false,
    }
}

/// Whether an address is outside the public internet.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || matches!((a, b, c), (0 | 240..=255, _, _) | (100, 64..=127, _) | (198, 18 | 19, _) | (192, 0, 0))
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let inner = |high: u16, low: u16| Ipv4Addr::from(u32::from(high) << 16 | u32::from(low));
    let all = ip.segments();
    match (first, second) {
        // an embedded IPv4 address
        (0, _) if all[..5] == [0; 5] && all[5] == 0xffff => is_private_v4(inner(all[6], all[7])),
        (0x64, 0xff9b) => is_private_v4(inner(all[6], all[7])),
        (0x2002, _) => is_private_v4(inner(all[1], all[2])),
        // the rest of ::/8 (unspecified, loopback), Teredo, documentation addresses; unique local, link-local,
        // site-local, multicast
        _ => matches!((first, second), (0..=0xff | 0xfc00..=0xfdff | 0xfe80.., _) | (0x2001, 0 | 0xdb8)),
    }
}

/// Resolves names and drops the addresses that may not be contacted, so that what is checked is what is connected to.
#[derive(Debug)]
pub(super) struct Resolver(pub Arc<Allowed>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let open: Vec<SocketAddr> =
                found.iter().filter(|address| allowed.takes(&host, address.ip())).copied().collect();
            match found.first() {
                Some(first) if open.is_empty() => Err(Private { host, ip: first.ip() }.into()),
                _ => Ok(Box::new(open.into_iter()) as Addrs),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_all_their_coats() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "::1",
            "::",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in
            ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14", "9.9.9.9"]
        {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn what_is_listed_is_allowed() {
        let list = ["10.0.0.0/8", "::1", "intranet.example", " "].map(str::to_owned);
        let allowed = Allowed::parse(&list).unwrap();
        let check = |url: &str| allowed.check(&Url::parse(url).unwrap()).is_ok();
        assert!(
            check("http://10.9.8.7/feed") && check("http://[::1]:8080/") && check("http://93.184.215.14/")
        );
        assert!(!check("http://127.0.0.1/") && !check("http://2130706433/") && !check("http://0x7f.1/"));
        assert!(allowed.takes("Intranet.example", "192.168.0.1".parse().unwrap()));
        assert!(!allowed.takes("other.example", "192.168.0.1".parse().unwrap()));
        for bad in ["10.0.0.0/33", "10.0.0.0/x", "http://a", "a/8"] {
            let error = Allowed::parse(&[bad.to_owned()]).unwrap_err();
            assert!(error.contains(bad), "{error}");
        }
    }
}
