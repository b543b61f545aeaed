//! Message type, TPDU and application header.

use pos_iso8583::{Header, Mti, ProcessingRequest, Tpdu, VendorRequest};

#[test]
fn types_and_their_answers() {
    for (request, number, answer) in [
        (Mti::AUTHORIZATION, 0x0100, "0110"),
        (Mti::FINANCIAL, 0x0200, "0210"),
        (Mti::NOTICE, 0x0220, "0230"),
        (Mti::BATCH_UPLOAD, 0x0320, "0330"),
        (Mti::REVERSAL, 0x0400, "0410"),
        (Mti::SETTLEMENT, 0x0500, "0510"),
        (Mti::SCRIPT_NOTICE, 0x0620, "0630"),
        (Mti::SIGN_IN, 0x0800, "0810"),
        (Mti::NETWORK, 0x0820, "0830"),
    ] {
        assert_eq!(Mti::new(number), Some(request));
        assert_eq!(request.response().to_string(), answer);
        assert!(!request.is_response() && request.response().is_response());
        assert_eq!(request.response().response(), request.response());
        assert_eq!(Mti::from_bytes(request.to_bytes()), Some(request));
    }
    assert_eq!(Mti::new(0x02A0), None);
    assert_eq!("0200".parse(), Ok(Mti::FINANCIAL));
    for bad in ["", "020", "02000", "02x0", "０２00"] {
        assert!(bad.parse::<Mti>().is_err(), "{bad}");
    }
}

#[test]
fn an_answer_swaps_the_addresses() {
    let tpdu: Tpdu = "6000031234".parse().unwrap();
    assert_eq!(tpdu.swapped().to_string(), "6012340003");
    assert_eq!(tpdu.swapped().swapped(), tpdu);
    assert_eq!(format!("{tpdu:?}"), "Tpdu(6000031234)");
    assert!("6100030000".parse::<Tpdu>().is_err());
    assert!("600003000A".parse::<Tpdu>().is_err());
    let error = "60".parse::<Tpdu>().unwrap_err();
    assert_eq!(error.to_string(), "Tpdu needs 10 digits that begin with 60");
}

#[test]
fn the_sixth_digit_asks_for_a_job() {
    let header: Header = "603100311300".parse().unwrap();
    assert_eq!(header.processing_request(), ProcessingRequest::None);
    let jobs = [
        ProcessingRequest::None,
        ProcessingRequest::Parameters,
        ProcessingRequest::Status,
        ProcessingRequest::SignIn,
        ProcessingRequest::CaKeys,
        ProcessingRequest::ChipParameters,
        ProcessingRequest::Management,
        ProcessingRequest::Blacklist,
        ProcessingRequest::Vendor(VendorRequest::Eight),
        ProcessingRequest::Vendor(VendorRequest::Nine),
    ];
    for (digit, job) in jobs.into_iter().enumerate() {
        assert_eq!(usize::from(job.digit()), digit);
        let asking = header.with_processing_request(job);
        assert_eq!(asking.to_string(), format!("60310{digit}311300"));
        assert_eq!(asking.processing_request(), job);
        assert!(!asking.test_mode());
    }
    let testing: Header = "603113311300".parse().unwrap();
    assert!(testing.test_mode());
    assert_eq!(testing.processing_request(), ProcessingRequest::SignIn);
    assert_eq!(
        testing
            .with_processing_request(ProcessingRequest::None)
            .to_string(),
        "603110311300"
    );
    assert!("60310031130".parse::<Header>().is_err());
}
