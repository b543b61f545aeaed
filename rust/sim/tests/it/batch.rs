//! Settlement, batch upload, notices, downloads.

use pos_iso8583::Mti;
use pos_sim::Settings;
use pos_sim::parse_cards;

use crate::desk::{Answer, CARD, Desk, Draft, OTHER_CARD};

fn settlement(desk: &mut Desk, domestic: &str, foreign: &str) -> Draft {
    let trace = desk.next_trace();
    desk.management(Mti::SETTLEMENT, "201")
        .set(11, trace)
        .set(48, format!("{domestic}0{foreign}0"))
        .set(49, "156")
        .set(63, "01 ")
}

fn totals(debit: i64, debits: u32, credit: i64, credits: u32) -> String {
    format!("{debit:012}{debits:03}{credit:012}{credits:03}")
}

fn upload(desk: &mut Desk, network: &str, content: &str) -> Answer {
    let trace = desk.next_trace();
    let draft = desk
        .management(Mti::BATCH_UPLOAD, network)
        .set(11, trace)
        .set(48, content);
    desk.send_plain(&draft).unwrap()
}

fn settle(desk: &mut Desk, domestic: &str) -> Answer {
    let draft = settlement(desk, domestic, &totals(0, 0, 0, 0));
    desk.send_plain(&draft).unwrap()
}

/// Verdict digits 30 and 61 of field 48.
fn verdicts(answer: &Answer) -> (&str, &str) {
    (&answer.text(48)[30..31], &answer.text(48)[61..62])
}

#[test]
fn totals_are_compared() {
    let mut desk = Desk::signed_in();
    desk.approved_sale(1000);
    let (sale, answer) = desk.approved_sale(200);
    let void = desk.void_of(&sale, &answer);
    desk.send(&void);
    let (reversed, _) = desk.approved_sale(300);
    desk.send(&reversed.reversal());
    let declined = desk.sale(9_000_051);
    desk.send(&declined);
    let (_, answer) = desk.approved_sale(500);
    let refund = desk.refund_of(&answer, 50);
    desk.send(&refund);
    let right = totals(1700, 3, 250, 2);
    let answer = settle(&mut desk, &right);
    assert_eq!(answer.0.mti.to_string(), "0510");
    let fields: Vec<u8> = answer.0.fields.iter().map(|(number, _)| number).collect();
    assert_eq!(fields, [11, 12, 13, 15, 32, 37, 41, 42, 48, 49, 60, 63]);
    assert_eq!(verdicts(&answer), ("1", "1"));
    for wrong in [
        totals(1701, 3, 250, 2),
        totals(1700, 4, 250, 2),
        totals(1700, 3, 250, 1),
    ] {
        assert_eq!(verdicts(&settle(&mut desk, &wrong)).0, "2");
    }
    assert_eq!(verdicts(&settle(&mut desk, &right)).0, "1");
    assert_eq!(
        desk.ledger()["batches"].to_string(),
        concat!(
            r#"[{"terminal":"10000001","batch":"000001","domestic":"balanced","#,
            r#""foreign":"balanced","uploaded":0,"unmatched":0,"announced":null}]"#
        )
    );
}

#[test]
fn foreign_cards_have_totals_of_their_own() {
    let list = format!("[[card]]\npan=\"{OTHER_CARD}\"\norganisation=\"VIS\"\n");
    let cards = parse_cards(&list).unwrap();
    let mut desk = Desk::with(Settings {
        cards,
        ..Settings::default()
    });
    desk.sign_in("003");
    desk.approved_sale(100);
    let sale = desk.sale(70).set(2, OTHER_CARD);
    desk.send(&sale);
    let draft = settlement(&mut desk, &totals(100, 1, 0, 0), &totals(70, 1, 0, 0));
    assert_eq!(verdicts(&desk.send_plain(&draft).unwrap()), ("1", "1"));
    let draft = settlement(&mut desk, &totals(170, 2, 0, 0), &totals(0, 0, 0, 0));
    assert_eq!(verdicts(&desk.send_plain(&draft).unwrap()), ("2", "2"));
}

#[test]
fn a_malformed_or_foreign_batch_is_verdict_3_and_closes_nothing() {
    let mut desk = Desk::signed_in();
    desk.approved_sale(100);
    assert_eq!(verdicts_of_short(&settle(&mut desk, "00")), "3");
    desk.batch = "000009".into();
    assert_eq!(
        verdicts(&settle(&mut desk, &totals(0, 0, 0, 0))),
        ("3", "3")
    );
    desk.batch = "000001".into();
    desk.approved_sale(100);
    assert!(desk.rules().is_empty());
}

fn verdicts_of_short(answer: &Answer) -> &str {
    &answer.text(48)[61..62]
}

#[test]
fn after_its_settlement_a_batch_takes_no_more() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    settle(&mut desk, &totals(100, 1, 0, 0));
    let late = desk.sale(5);
    assert_eq!(desk.send(&late).code(), "77");
    assert_eq!(desk.rules(), ["closed_batch"]);
    desk.batch = "000002".into();
    let void = desk.void_of(&sale, &answer);
    assert_eq!(
        desk.send(&void).code(),
        "12",
        "a settled sale cannot be voided"
    );
    desk.approved_sale(7);
    assert_eq!(desk.rules().len(), 1);
}

#[test]
fn an_upload_is_counted_matched_and_ended() {
    let mut desk = Desk::signed_in();
    let (sale, _) = desk.approved_sale(100);
    let record = |trace: &str, amount: i64| format!("00{trace}{CARD:0>20}{amount:012}");
    let early = upload(
        &mut desk,
        "201",
        &format!("01{}", record(sale.trace(), 100)),
    );
    assert_eq!(early.code(), "12", "nothing is settled yet");
    settle(&mut desk, &totals(0, 0, 0, 0));
    let both = format!("02{}{}", record(sale.trace(), 100), record("000777", 5));
    let trace = desk.next_trace();
    let draft = desk
        .management(Mti::BATCH_UPLOAD, "201")
        .set(11, trace)
        .set(48, both);
    let answer = desk.send_plain(&draft).unwrap();
    assert_eq!(
        (answer.code(), answer.0.mti.to_string().as_str()),
        ("00", "0330")
    );
    assert_eq!(
        desk.send_plain(&draft).unwrap().code(),
        "94",
        "taken before"
    );
    assert_eq!(upload(&mut desk, "201", "09").code(), "30");
    assert_eq!(
        upload(&mut desk, "201", &format!("02{}", record("000001", 1))).code(),
        "30"
    );
    assert_eq!(upload(&mut desk, "202", "2").code(), "30");
    assert_eq!(upload(&mut desk, "202", "0002").code(), "00");
    assert_eq!(upload(&mut desk, "202", "0002").code(), "94");
    let batch = &desk.ledger()["batches"][0];
    assert_eq!(batch["domestic"], "not_balanced");
    assert_eq!(
        (&batch["uploaded"], &batch["unmatched"]),
        (&2.into(), &1.into())
    );
    assert_eq!(batch["announced"], 2);
    desk.sign_in("003");
    assert_eq!(desk.batch, "000002");
}

#[test]
fn copies_of_notices_and_chip_records_are_taken() {
    let mut desk = Desk::signed_in();
    let (_, answer) = desk.approved_sale(100);
    let refund = desk.refund_of(&answer, 40);
    desk.send(&refund);
    settle(&mut desk, &totals(100, 1, 0, 0));
    let mut copy = refund.clone();
    copy.mti = Mti::BATCH_UPLOAD;
    assert_eq!(desk.send_plain(&copy).unwrap().code(), "00");
    assert_eq!(desk.send_plain(&copy).unwrap().code(), "94");
    for network in ["203", "204", "205", "206"] {
        let chip = desk
            .management(Mti::BATCH_UPLOAD, network)
            .set(4, "000000000100")
            .set(11, "000002")
            .set(62, "610000000000000100156");
        assert_eq!(desk.send_plain(&chip).unwrap().code(), "00", "{network}");
    }
    assert_eq!(upload(&mut desk, "207", "0005").code(), "00");
    assert_eq!(desk.ledger()["batches"][0]["uploaded"], 5);
}

#[test]
fn two_open_batches_are_settled_one_by_one() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    desk.host.set_batch(5);
    desk.sign_in("003");
    desk.approved_sale(200);
    let void = desk.void_of(&sale, &answer);
    assert_eq!(
        desk.send(&void).code(),
        "00",
        "a void names the batch of its sale"
    );
    for (batch, totals) in [
        ("000001", totals(100, 1, 0, 0)),
        ("000005", totals(200, 1, 100, 1)),
    ] {
        desk.batch = batch.into();
        assert_eq!(verdicts(&settle(&mut desk, &totals)), ("1", "1"), "{batch}");
        assert_eq!(upload(&mut desk, "207", "0000").code(), "00");
    }
    desk.sign_in("003");
    assert_eq!(desk.batch, "000006");
}

#[test]
fn faults_strike_settlement_and_upload() {
    let mut desk = Desk::signed_in();
    desk.faults("[[fault]]\non=\"settle\"\nat=\"after_booking\"\ndo=\"code\"\narg=\"02\"\n");
    assert_eq!(
        verdicts(&settle(&mut desk, &totals(0, 0, 0, 0))),
        ("2", "2")
    );
    desk.faults("[[fault]]\non=\"upload_end\"\nat=\"request_read\"\ndo=\"code\"\narg=\"96\"\n");
    assert_eq!(upload(&mut desk, "207", "0000").code(), "96");
    assert!(desk.ledger()["batches"][0]["announced"].is_null());
}

#[test]
fn script_notices_need_a_mac_and_are_taken_once() {
    let mut desk = Desk::signed_in();
    let (sale, answer) = desk.approved_sale(100);
    let notice = |desk: &mut Desk, original: String| {
        desk.financial(Mti::SCRIPT_NOTICE, "000000", "00", 100)
            .without(14)
            .without(25)
            .set(37, answer.text(37))
            .set(55, [0xDF, 0x31, 1, 0])
            .set(60, "00000001951")
            .set(61, original)
    };
    let original = format!("000001{}1124", sale.trace());
    let draft = notice(&mut desk, original.clone());
    let done = desk.send(&draft);
    assert_eq!(
        (done.code(), done.0.mti.to_string().as_str()),
        ("00", "0630")
    );
    assert!(desk.mac_is_right(&done));
    assert_eq!(desk.send(&draft).code(), "94");
    let unknown = notice(&mut desk, "0000010009991124".into());
    assert_eq!(desk.send(&unknown).code(), "25");
    let bare = notice(&mut desk, original).without(55);
    assert_eq!(desk.send(&bare).code(), "30");
    assert_eq!(desk.send_plain(&draft).unwrap().code(), "A0");
}

#[test]
fn a_signature_belongs_to_a_transaction() {
    let mut desk = Desk::signed_in();
    let (sale, _) = desk.approved_sale(100);
    let signature = desk
        .management(Mti::NETWORK, "800")
        .set(4, "000000000100")
        .set(11, sale.trace())
        .set(60, "07000001800")
        .set(62, [1, 2, 3]);
    let done = desk.send(&signature);
    assert_eq!(done.code(), "00");
    assert!(desk.mac_is_right(&done));
    assert_eq!(desk.send_plain(&signature).unwrap().code(), "00");
    assert_eq!(desk.send(&signature.clone().set(11, "000999")).code(), "25");
    assert_eq!(desk.send(&signature.clone().without(62)).code(), "30");
    desk.mak[0] ^= 0x10;
    assert_eq!(desk.send(&signature).code(), "A0");
    assert_eq!(
        desk.ledger()["signatures"],
        serde_json::json!(["000001:000002"])
    );
}

fn download(desk: &mut Desk, mti: Mti, network: &str, content: &[u8]) -> Answer {
    let draft = desk.management(mti, network).set(62, content);
    desk.send_plain(&draft).unwrap()
}

#[test]
fn downloads() {
    let mut desk = Desk::new();
    let first = desk.management(Mti::SIGN_IN, "360");
    let answer = desk.send_plain(&first).unwrap();
    let fields: Vec<u8> = answer.0.fields.iter().map(|(number, _)| number).collect();
    assert_eq!(fields, [12, 13, 37, 39, 41, 42, 60, 62]);
    assert!(answer.text(62).starts_with("126013322VOIDPROOF"));
    for (mti, network) in [
        (Mti::SIGN_IN, "361"),
        (Mti::SIGN_IN, "371"),
        (Mti::SIGN_IN, "381"),
    ] {
        assert_eq!(download(&mut desk, mti, network, b"").code(), "00");
    }
    assert_eq!(
        download(&mut desk, Mti::NETWORK, "362", b"0100").code(),
        "00"
    );
    assert_eq!(
        download(&mut desk, Mti::SIGN_IN, "390", b"100").code(),
        "40"
    );
}

#[test]
fn ca_keys_are_listed_in_parts_and_given_one_by_one() {
    let mut desk = Desk::new();
    let part = download(&mut desk, Mti::NETWORK, "372", b"100");
    let list = part.0.fields.get(62).unwrap().to_vec();
    assert_eq!((list[0], list.len()), (b'2', 1 + 2 * 23));
    let rest = download(&mut desk, Mti::NETWORK, "372", b"102");
    assert_eq!(rest.0.fields.get(62).unwrap()[0], b'1');
    let name = list[1..13].to_vec();
    let key = download(&mut desk, Mti::SIGN_IN, "370", &name);
    let content = key.0.fields.get(62).unwrap();
    assert_eq!(content[..12], name);
    assert!(
        content
            .windows(4)
            .any(|window| window == [0xDF, 0x02, 0x81, 0x80])
    );
    assert_eq!(download(&mut desk, Mti::SIGN_IN, "370", b"?").code(), "25");
    assert_eq!(
        download(&mut desk, Mti::NETWORK, "372", b"199").code(),
        "25"
    );
}

#[test]
fn chip_applications_are_listed_and_given() {
    let mut desk = Desk::new();
    let list = download(&mut desk, Mti::NETWORK, "382", b"100")
        .0
        .fields
        .get(62)
        .unwrap()
        .to_vec();
    let name = list[1..12].to_vec();
    let answer = download(&mut desk, Mti::SIGN_IN, "380", &name);
    assert_eq!(answer.0.fields.get(62).unwrap()[..11], name);
    assert_eq!(
        download(&mut desk, Mti::SIGN_IN, "380", &name[..5]).code(),
        "25"
    );
}
