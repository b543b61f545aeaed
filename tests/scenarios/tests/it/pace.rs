//! The pace of the outbox: what cannot be tried waits, and a failing sign-in does not spin.

use pos_domain::SaleStatus;
use pos_scenarios::Shop;

#[tokio::test(start_paused = true)]
async fn a_reversal_behind_a_failing_sign_in_waits_longer_and_longer() {
    let shop = Shop::open();
    shop.sell(100).await.unwrap();
    shop.faults("[[fault]]\non=\"sale\"\nat=\"after_booking\"\ndo=\"wrong_mac\"\n");
    shop.faults("[[fault]]\non=\"sign_in\"\nat=\"request_read\"\ndo=\"drop\"\ntimes=50\n");
    shop.faults("[[fault]]\non=\"reversal_sale\"\nat=\"request_read\"\ndo=\"drop\"\n");
    let sale = shop.sell(200).await.unwrap();
    assert_eq!(shop.status(&sale), SaleStatus::Unknown);
    shop.desk.begin_round("01").unwrap();
    let mut waits = Vec::new();
    for _ in 0..9 {
        let report = shop.desk.pass("system").await.unwrap();
        assert_eq!(report.left, 1, "it is never forgotten");
        let wait = report.next_due_ms.unwrap();
        waits.push(wait);
        tokio::time::sleep(std::time::Duration::from_millis(wait.unsigned_abs())).await;
    }
    assert!(waits.iter().all(|wait| *wait >= 2_000), "{waits:?}");
    assert!(waits.last() > waits.first(), "{waits:?}");
}
