//! Signatures on the screen: kept sealed, uploaded after the transaction, or a paper slip.

use pos_domain::status::{ObligationKind, ObligationStatus};
use pos_domain::{LocalCode, SaleStatus};
use pos_flows::FlowError;
use pos_iso8583::tlv;
use pos_scenarios::{Shop, findings, swiped};

use crate::stops;

const IMAGE: &[u8] = b"a compressed picture of a name";

fn upload_status(shop: &Shop, sale: &pos_domain::Id) -> ObligationStatus {
    let owed = shop.read(|query| query.obligations_of(sale));
    let upload = owed
        .into_iter()
        .find(|o| o.kind == ObligationKind::Signature);
    upload.expect("an upload").status
}

fn is_written(shop: &Shop, bytes: &[u8]) -> bool {
    shop.written()
        .windows(bytes.len())
        .any(|part| part == bytes)
}

#[tokio::test(start_paused = true)]
async fn a_signature_is_uploaded_under_its_sales_own_trace() {
    let shop = Shop::open();
    let sale = shop.sell(1234).await.unwrap();
    let feature = shop.desk.add_signature("01", &sale, IMAGE).unwrap();
    let original = shop.view(&sale).original;
    let facts = original.facts.clone();
    let wanted = pos_channels::unionpay::feature_code(
        facts.settle_date.as_deref(),
        facts.reference.as_deref(),
    );
    assert_eq!(feature, wanted);
    assert!(!shop.desk.needs_paper_slip(&sale).unwrap());
    assert!(!is_written(&shop, IMAGE), "it is kept sealed");
    let report = shop.work_off(5).await.unwrap();
    assert_eq!(report.left, 0);
    let upload = shop.last("0820");
    assert_eq!(upload.text(60), "07000001800");
    assert_eq!(upload.text(11), original.trace.unwrap());
    assert_eq!(upload.text(4), "000000001234");
    assert_eq!(upload.text(37), facts.reference.unwrap());
    assert_eq!(upload.message.fields.get(62), Some(IMAGE));
    let receipt = upload.message.fields.get(55).unwrap();
    assert_eq!(tlv::find(receipt, 0xFF01), Some(&b"1021"[..]));
    assert_eq!(upload_status(&shop, &sale), ObligationStatus::Closed);
    let kept = shop.read(|query| query.signature(&sale)).unwrap();
    assert!(kept.image.is_none(), "the host has it");
    assert_eq!(kept.feature, feature);
    assert_eq!(
        shop.host().ledger()["signatures"].as_array().unwrap().len(),
        1
    );
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn an_upload_without_answer_is_made_again_and_blocks_nothing() {
    let shop = Shop::open();
    let sale = shop.sell(1234).await.unwrap();
    shop.desk.add_signature("01", &sale, IMAGE).unwrap();
    for at in ["request_read", "after_booking"] {
        shop.fault("esign", at, "drop");
        shop.desk.begin_round("01").unwrap();
        shop.desk.pass("01").await.unwrap();
        assert_eq!(upload_status(&shop, &sale), ObligationStatus::Owed);
        let next = shop.sell(100).await.unwrap();
        assert_eq!(shop.status(&next), SaleStatus::Approved);
    }
    shop.work_off(5).await.unwrap();
    assert_eq!(upload_status(&shop, &sale), ObligationStatus::Closed);
    assert_eq!(shop.status(&sale), SaleStatus::Approved);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_go_to_the_host_is_refused_so_that_paper_is_signed() {
    let shop = Shop::open();
    let sale = shop.sell(1234).await.unwrap();
    for image in [&b""[..], &[1; 1000]] {
        let told = shop.desk.add_signature("01", &sale, image);
        let unfit = LocalCode::SignatureUnfit.into();
        assert!(matches!(told, Err(FlowError::Refused(code)) if code == unfit));
    }
    assert!(shop.desk.needs_paper_slip(&sale).unwrap());
    let declined = shop.sell(9_000_051).await.unwrap();
    assert!(shop.desk.add_signature("01", &declined, IMAGE).is_err());
    shop.desk.add_signature("01", &sale, &[1; 999]).unwrap();
    assert!(
        shop.desk.add_signature("01", &sale, IMAGE).is_err(),
        "once only"
    );
    shop.work_off(5).await.unwrap();
    assert_eq!(upload_status(&shop, &sale), ObligationStatus::Closed);
    assert_eq!(findings(&shop), []);
}

#[tokio::test(start_paused = true)]
async fn i11_neither_number_nor_image_of_a_swiped_and_signed_sale_is_in_clear() {
    let shop = Shop::open();
    let sale = shop.sell_to(1234, &swiped(), None).await.unwrap();
    shop.desk.add_signature("01", &sale, IMAGE).unwrap();
    shop.work_off(5).await.unwrap();
    assert!(
        !shop.last("0820").message.fields.contains(2),
        "as the sale itself"
    );
    assert!(!is_written(&shop, IMAGE) && !is_written(&shop, pos_scenarios::CARD.as_bytes()));
}

#[tokio::test(start_paused = true)]
async fn i08_a_stop_at_any_write_of_a_signed_sale() {
    for faulty in [false, true] {
        let open = || {
            let shop = Shop::open();
            if faulty {
                shop.fault("esign", "after_booking", "drop");
            }
            shop
        };
        let day = async |shop: &Shop| {
            let sale = shop.sell(1234).await?;
            if shop.status(&sale) == SaleStatus::Approved {
                shop.desk.add_signature("01", &sale, IMAGE)?;
            }
            shop.work_off(5).await?;
            Ok(())
        };
        stops::everywhere(open, day, async |_, _| {}).await;
    }
}
