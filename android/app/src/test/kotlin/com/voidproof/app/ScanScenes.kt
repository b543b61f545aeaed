package com.voidproof.app

import com.voidproof.app.device.CameraState
import com.voidproof.app.device.Light
import com.voidproof.app.device.Scan

/** The screen that waits for a code, however its scanners are. */
val SCAN_SCENES: List<Scene> = listOf(
    Scene("pay-camera", hardware = { camera(CameraState.SEES, Light.OFF) }) { toCode() },
    Scene("pay-camera-opens", hardware = { camera(CameraState.STARTING) }) { toCode() },
    Scene("pay-camera-many", hardware = { camera(CameraState.MANY, Light.ON) }) { toCode() },
    Scene("pay-camera-wrong", hardware = { camera(CameraState.SEES) }) { toCode(); devices.scanner!!.see("999999999999999999"); idle() },
    Scene("pay-camera-asks", hardware = { camera(CameraState.ASKS) }) { toCode() },
    Scene("pay-camera-refused", hardware = { camera(CameraState.REFUSED) }) { toCode() },
    Scene("pay-camera-busy", hardware = { camera(CameraState.BUSY) }) { toCode() },
    Scene("pay-camera-broken", hardware = { camera(CameraState.BROKEN) }) { toCode() },
    Scene("pay-camera-disabled", hardware = { camera(CameraState.DISABLED) }) { toCode() },
    Scene("pay-camera-absent", hardware = { camera(CameraState.ABSENT) }) { toCode() },
    Scene("pay-offered", hardware = { camera(CameraState.ABSENT) }) { toCode(); devices.scanner!!.see("134567890123456789", held = false); idle() },
    Scene("pay-scanner-broken", hardware = { scanner = FakeScanner() }) { toCode(); devices.scanner!!.fail(); idle() },
)

private fun FakeDevices.camera(state: CameraState, light: Light = Light.NONE) {
    scanner = FakeScanner(FakeCamera(Scan.Sight(state, light)))
}

private fun Counter.toCode() {
    digits("36.50")
    tap(R.id.charge)
    tap(R.id.way_code)
}
