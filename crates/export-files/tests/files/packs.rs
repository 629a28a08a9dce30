use crate::unpacked::unpacked;
use export_files::{Archive, safe_name};
use sha2::{Digest, Sha256};

#[test]
fn a_pack_gives_back_its_files_and_tells_their_hashes() {
    let mut pack = Archive::begin(1_780_000_000_000_000);
    let (mut bytes, mut told) = (Vec::new(), Vec::new());
    let long: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    let name = format!("{}.csv", safe_name("März/2026: \"A\"", "pack"));
    for (name, content) in [(name.as_str(), b"a,b\r\n".as_slice()), ("empty.txt", b""), ("long.bin", &long)] {
        pack.begin_file(name).unwrap();
        for piece in content.chunks(65_536) {
            pack.write(piece).unwrap();
            // It leaves as it comes.
            bytes.extend(pack.take());
        }
        told.extend(pack.end_file().unwrap());
    }
    let (rest, sha256) = pack.finish().unwrap();
    bytes.extend(rest);
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(sha256, hash);
    let files = unpacked(&bytes);
    assert_eq!(files[0].0, "März-2026-A.csv");
    assert_eq!(files.len(), told.len());
    for ((name, content), told) in files.iter().zip(told) {
        let hash: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!((name, content.len() as u64, &hash), (&told.name, told.bytes, &told.sha256));
    }
    assert_eq!(files[2].1, long);
}

#[test]
fn an_empty_pack_is_one() {
    assert_eq!(unpacked(&Archive::begin(0).finish().unwrap().0), []);
}
