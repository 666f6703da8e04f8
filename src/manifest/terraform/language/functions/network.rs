//! Functions of networks, such as `10.0.0.0/8`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::super::value::{Item, Unknown, Value};
use super::call::{Call, Outcome, set};

/// A network: how many bits its addresses have, how many of them it fixes, and its first address.
#[derive(Clone, Copy)]
struct Network {
    width: u32,
    prefix: u32,
    address: u128,
}

impl Network {
    /// Reads a network; one address is one only where it may be.
    fn parse(text: &str, may_be_address: bool) -> Option<Self> {
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let (width, address) = match address_of(address)? {
            IpAddr::V4(address) => (32, u128::from(address.to_bits())),
            IpAddr::V6(address) => (128, address.to_bits()),
        };
        let prefix = match prefix {
            Some(prefix) if prefix.bytes().all(|byte| byte.is_ascii_digit()) => prefix.parse().ok()?,
            None if may_be_address => width,
            _ => return None,
        };
        (prefix <= width).then(|| Self { width, prefix, address: address & !low_bits(width - prefix) })
    }

    /// The last address.
    fn last(self) -> u128 {
        self.address | low_bits(self.width - self.prefix)
    }

    fn show(self, address: u128) -> String {
        match u32::try_from(address) {
            Ok(address) if self.width == 32 => Ipv4Addr::from_bits(address).to_string(),
            _ => Ipv6Addr::from_bits(address).to_string(),
        }
    }

    fn text(self) -> String {
        format!("{}/{}", self.show(self.address), self.prefix)
    }

    /// The network of this number among those with so many bits more.
    fn subnet(self, bits: u32, number: u128) -> Option<Self> {
        let prefix = self.prefix.checked_add(bits).filter(|prefix| *prefix <= self.width)?;
        let fits = number & !low_bits(bits) == 0;
        let shifted = number.checked_shl(self.width - prefix).unwrap_or(0);
        fits.then_some(Self { prefix, address: self.address | shifted, ..self })
    }
}

fn low_bits(count: u32) -> u128 {
    1u128.checked_shl(count).map_or(u128::MAX, |bit| bit - 1)
}

/// An address; the numbers of one of IPv4 may begin with zeros.
fn address_of(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        return text.parse().ok().map(IpAddr::V6);
    }
    let numbers: Vec<u8> = text
        .split('.')
        .map(|number| number.parse().ok().filter(|_| number.bytes().all(|byte| byte.is_ascii_digit())))
        .collect::<Option<_>>()?;
    let numbers: [u8; 4] = numbers.try_into().ok()?;
    Some(IpAddr::from(numbers))
}

fn network(call: &Call<'_>) -> Result<Network, Unknown> {
    let text = call.text(0).map_err(set)?;
    Network::parse(&text, false).ok_or_else(|| call.mistake(format!("{text:?} is no network such as \"10.0.0.0/8\"")))
}

/// The address of a number in a network; negative numbers count from its end.
pub(super) fn host(call: &Call<'_>) -> Outcome {
    let (network, number) = (network(call)?, call.whole(1).map_err(set)?);
    let size = u128::from(number.unsigned_abs());
    let most = low_bits(network.width - network.prefix);
    let address = if number >= 0 {
        (size <= most).then_some(network.address | size)
    } else {
        (size - 1 <= most).then(|| network.last() - (size - 1))
    };
    let address = address.ok_or_else(|| call.mistake(format!("{} has no address number {number}", network.text())))?;
    Ok(Value::from(network.show(address)))
}

/// The mask of a network of IPv4.
pub(super) fn mask(call: &Call<'_>) -> Outcome {
    let network = network(call)?;
    if network.width != 32 {
        return Err(call.mistake("networks of IPv6 have no mask"));
    }
    Ok(Value::from(network.show(low_bits(32) & !low_bits(32 - network.prefix))))
}

pub(super) fn subnet(call: &Call<'_>) -> Outcome {
    let (network, bits, number) = (network(call)?, call.whole(1).map_err(set)?, call.whole(2).map_err(set)?);
    let subnet = u32::try_from(bits).ok().zip(u128::try_from(number).ok());
    let subnet = subnet.and_then(|(bits, number)| network.subnet(bits, number));
    let wrong = || call.mistake(format!("{} has no network number {number} of {bits} bits more", network.text()));
    Ok(Value::from(subnet.ok_or_else(wrong)?.text()))
}

/// Networks one after another, each of so many bits more.
pub(super) fn subnets(call: &Call<'_>) -> Outcome {
    let network = network(call)?;
    let mut subnets = Vec::new();
    let mut next = Some(network.address);
    for index in 1..call.arguments.len() {
        call.room(index)?;
        let bits = u32::try_from(call.whole(index).map_err(set)?).ok().filter(|bits| (1..=32).contains(bits));
        let bits = bits.ok_or_else(|| call.mistake("the new bits have to be from 1 to 32"))?;
        let prefix = network.prefix + bits;
        let full = || call.mistake(format!("{} has no room for a network of {bits} bits more", network.text()));
        if prefix > network.width {
            return Err(full());
        }
        // A network begins at a multiple of its size.
        let hosts = low_bits(network.width - prefix);
        let address = next.and_then(|next| next.checked_add(hosts)).map(|next| next & !hosts);
        let address = address.filter(|address| (*address | hosts) <= network.last()).ok_or_else(full)?;
        let subnet = Network { prefix, address, ..network };
        subnets.push(Item::from(Value::from(subnet.text())));
        next = subnet.last().checked_add(1);
    }
    Ok(Value::List(subnets.into()))
}

/// The first network has all addresses of the second one, which may be one address.
pub(super) fn contains(call: &Call<'_>) -> Outcome {
    let outer = network(call)?;
    let text = call.text(1)?;
    let inner =
        Network::parse(&text, true).ok_or_else(|| call.mistake(format!("{text:?} is no network or address")))?;
    if outer.width != inner.width {
        return Err(call.mistake("one is of IPv4 and the other one of IPv6"));
    }
    Ok(Value::from(outer.prefix <= inner.prefix && outer.address <= inner.address && inner.last() <= outer.last()))
}
