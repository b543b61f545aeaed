//! Pre-authorisations that hold, and their families.

use pos_domain::{OriginalKind, SaleStatus};

use crate::support::{Home, id, sale};

fn add(home: &Home, name: &str, kind: OriginalKind, status: SaleStatus, parent: Option<&str>) {
    home.write(|tx| {
        let (name, parent) = (id(name), parent.map(id));
        let mut new = sale(&name, 1_000, status);
        new.kind = kind;
        new.parent = parent.as_ref();
        tx.insert_original(&new)
    })
    .unwrap();
}

#[test]
fn the_family_of_a_preauth_is_found_and_the_granted_ones_are_paged() {
    let home = Home::new();
    for (name, status) in [
        ("P1", SaleStatus::Held),
        ("P2", SaleStatus::Declined),
        ("P3", SaleStatus::Held),
    ] {
        add(&home, name, OriginalKind::Preauth, status, None);
    }
    add(
        &home,
        "A1",
        OriginalKind::Preauth,
        SaleStatus::Held,
        Some("P1"),
    );
    add(
        &home,
        "C1",
        OriginalKind::Completion,
        SaleStatus::Approved,
        Some("P1"),
    );
    add(&home, "S1", OriginalKind::Sale, SaleStatus::Approved, None);

    let family = home.read(|query| query.follow_ups(&id("P1")));
    let names: Vec<_> = family.iter().map(|found| found.id.as_str()).collect();
    assert_eq!(names, ["A1", "C1"]);
    assert!(home.read(|query| query.follow_ups(&id("P3"))).is_empty());

    let first = home.read(|query| query.granted_preauths(None, 1));
    assert_eq!(first[0].id.as_str(), "P3");
    let rest = home.read(|query| query.granted_preauths(Some(first[0].seq), 5));
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].id.as_str(), "P1");
}
