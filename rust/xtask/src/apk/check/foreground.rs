//! Services that go on while the app is not on the screen.

use super::{Look, manifest, that};

const BOOT: &str = "android.intent.action.BOOT_COMPLETED";
const FOREGROUND: &str = "android.permission.FOREGROUND_SERVICE";
const DATA_SYNC: u32 = 0x1;
/// Bits of `foregroundServiceType`, and how the permission that each needs ends. Short services
/// need none.
const SERVICE_KINDS: &[(u32, &str)] = &[
    (DATA_SYNC, "DATA_SYNC"),
    (0x2, "MEDIA_PLAYBACK"),
    (0x4, "PHONE_CALL"),
    (0x8, "LOCATION"),
    (0x10, "CONNECTED_DEVICE"),
    (0x20, "MEDIA_PROJECTION"),
    (0x40, "CAMERA"),
    (0x80, "MICROPHONE"),
    (0x100, "HEALTH"),
    (0x200, "REMOTE_MESSAGING"),
    (0x400, "SYSTEM_EXEMPTED"),
    (0x4000_0000, "SPECIAL_USE"),
];

/// A service that goes on in the foreground declares why and may do so; and none that copies data
/// is there to be started at boot, which Android 15 forbids.
pub fn check(look: &Look) -> Result<(), String> {
    let asked = manifest::named(&look.manifest, "uses-permission");
    let may = |name: &str| asked.iter().any(|asked| asked == name);
    let services = look.manifest.iter().filter(|one| one.name == "service");
    let kinds: Vec<u32> = services
        .filter_map(|service| service.get("foregroundServiceType"))
        .map(manifest::flags)
        .collect::<Option<_>>()
        .ok_or("a foregroundServiceType that is no number")?;
    let declared = may(FOREGROUND) != kinds.is_empty();
    that(declared, "one of permission and type without the other")?;
    for (bit, name) in SERVICE_KINDS {
        let has = kinds.iter().any(|kinds| kinds & bit != 0);
        let wanted = format!("{FOREGROUND}_{name}");
        that(
            has == may(&wanted),
            &format!("{wanted}: asked for, or needed, without the other"),
        )?;
    }
    let at_boot = look
        .manifest
        .iter()
        .any(|one| one.get("name") == Some(BOOT));
    let copies = kinds.iter().any(|kinds| kinds & DATA_SYNC != 0);
    that(
        !(at_boot && copies),
        "a dataSync service, and something to start it at boot",
    )
}
