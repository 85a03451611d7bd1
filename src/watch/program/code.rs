//! The bytecode of a query. A node is its operation, the length of its contents, and the contents: numbers of 7 bits per
//! byte, then the nodes within it.

/// Operations, each documented with its operands; `ids` are numbers of the dictionary.
pub(in crate::watch) mod op {
    /// Nodes.
    pub const AND: u8 = 1;
    /// Nodes.
    pub const OR: u8 = 2;
    /// A node.
    pub const NOT: u8 = 3;
    /// Ids, one of which is present, or lies in the region in question.
    pub const ANY: u8 = 4;
    /// An id that applies to the whole article.
    pub const WHOLE: u8 = 5;
    /// An id whose places need only touch the region.
    pub const SAID: u8 = 6;
    /// Ids of its start, then the ids of each word.
    pub const PHRASE: u8 = 7;
    /// Index of the token that has an id, that id, then the tokens: gap, length, bytes.
    pub const RAW: u8 = 8;
    /// Ordered, number of words, two nodes.
    pub const NEAR: u8 = 9;
    /// Number, a node.
    pub const ATLEAST: u8 = 10;
    /// Part, a node.
    pub const PART: u8 = 11;
    /// Ids, one of which must occur in it (none: unknown), a node.
    pub const SENTENCE: u8 = 12;
    /// Like SENTENCE.
    pub const PARAGRAPH: u8 = 13;
    /// A node.
    pub const QUOTE: u8 = 14;
    /// An id that applies to the quote.
    pub const OF_QUOTE: u8 = 15;
    /// Number of a clause to report, a node.
    pub const CLAUSE: u8 = 16;
}

/// Whether a program only asks whether one of its ids is present, which is all that it needs.
pub(in crate::watch) fn finds_one(program: &[u8]) -> bool {
    matches!(program[0], op::ANY | op::WHOLE)
}

/// Writes a number, 7 bits per byte, the lowest first.
pub(super) fn put(number: u32, out: &mut Vec<u8>) {
    let mut rest = number;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Reads what [`put`] wrote.
#[inline]
pub(in crate::watch) fn get(code: &[u8], at: &mut usize) -> u32 {
    let mut number = 0;
    let mut shift = 0;
    loop {
        let byte = code[*at];
        *at += 1;
        number |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return number;
        }
        shift += 7;
    }
}

pub(super) fn put_ids(ids: &[u32], out: &mut Vec<u8>) {
    put(ids.len() as u32, out);
    let mut last = 0;
    for &id in ids {
        put(id - last, out);
        last = id;
    }
}

/// A node of an operation with its contents.
pub(super) fn node(op: u8, body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 3);
    out.push(op);
    put(body.len() as u32, &mut out);
    out.extend_from_slice(body);
    out
}

/// The ids of a plain look-up.
pub(super) fn ids_of(bytes: &[u8]) -> Vec<u32> {
    let mut at = 1;
    get(bytes, &mut at);
    let count = get(bytes, &mut at);
    let mut id = 0;
    (0..count)
        .map(|_| {
            id += get(bytes, &mut at);
            id
        })
        .collect()
}

/// A look-up of these ids, which it sorts.
pub(super) fn any(ids: &mut Vec<u32>) -> Vec<u8> {
    ids.sort_unstable();
    ids.dedup();
    let mut body = Vec::new();
    put_ids(ids, &mut body);
    node(op::ANY, &body)
}
