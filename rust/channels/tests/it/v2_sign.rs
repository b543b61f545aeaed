//! v2 signatures against the published values and another implementation.

use pos_channels::wallet::{ApiKey, KeyError};
use pos_channels::wechat::v2::{SignType, sign};
use proptest::prelude::*;

use crate::common::{API_KEY, v2_signature};

const VECTORS: &str = include_str!("../../../../tests/vectors/wallets/wechat-v2.txt");
const KEY: &str = include_str!("../../../../tests/vectors/wallets/wechat-v2-key.txt");

#[test]
fn the_published_signatures() {
    let key = ApiKey::new(KEY.trim()).unwrap();
    let mut seen = 0;
    for line in VECTORS.lines() {
        let [name, sign_type, digest, text] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let sign_type = match sign_type {
            "MD5" => SignType::Md5,
            "HMAC-SHA256" => SignType::HmacSha256,
            other => panic!("{other}"),
        };
        // Backwards and with an empty field and an old signature: neither may matter.
        let mut pairs: Vec<_> = text
            .split('&')
            .map(|p| p.split_once('=').unwrap())
            .collect();
        pairs.reverse();
        pairs.extend([("attach", ""), ("sign", "old")]);
        assert_eq!(sign(pairs.into_iter(), &key, sign_type), digest, "{name}");
        seen += 1;
    }
    assert_eq!(seen, 7);
}

#[test]
fn i11_an_api_key_is_strict_and_masks_itself() {
    assert!(matches!(ApiKey::new(KEY), Err(KeyError::ApiKey)));
    assert!(matches!(
        ApiKey::new("testAPIv3Key0000"),
        Err(KeyError::ApiKey)
    ));
    let spaced = "192006250b4c0924 ec02edce69f6a2d";
    assert!(matches!(ApiKey::new(spaced), Err(KeyError::ApiKey)));
    assert_eq!(format!("{:?}", ApiKey::new(API_KEY).unwrap()), "ApiKey(…)");
}

proptest! {
    #[test]
    fn any_fields_sign_as_another_implementation_signs_them(
        fields in proptest::collection::btree_map("[A-Za-z_]{1,12}", "[^=&]{0,20}", 0..12),
        md5: bool,
    ) {
        let pairs: Vec<_> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let sign_type = if md5 { SignType::Md5 } else { SignType::HmacSha256 };
        let key = ApiKey::new(API_KEY).unwrap();
        let own = sign(pairs.iter().copied(), &key, sign_type);
        // The join of no field has no leading `&` in the driver; the rule never signs nothing.
        prop_assume!(pairs.iter().any(|(n, v)| *n != "sign" && !v.is_empty()));
        prop_assert_eq!(own, v2_signature(&pairs, sign_type));
    }
}
