package com.voidproof.app.device.camera

import android.Manifest
import android.app.Activity
import android.app.admin.DevicePolicyManager
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.provider.Settings
import android.view.View
import com.voidproof.app.device.CameraState
import com.voidproof.app.device.CameraWish
import com.voidproof.app.device.CodeCamera
import com.voidproof.app.device.Front
import com.voidproof.app.device.Light
import com.voidproof.app.device.Scan
import com.voidproof.app.device.ScanWay
import com.voidproof.gateway.Frame
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Secret
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch

/**
 * Reads codes by the device's camera. It is open while codes are waited for, the app is in front, the person allowed it and its picture
 * stands on the screen, and closed at once when one of these ends. [decode]: the texts of the codes in a picture, in any direction.
 * [now]: milliseconds.
 */
class CameraScanner(
    private val front: Front,
    private val lens: Lens,
    private val now: () -> Long,
    private val decode: suspend (Frame) -> List<Secret>,
) : ScanWay, CodeCamera {
    private var reading: Reading? = null
    private var finder: FinderView? = null

    /** The person was asked since the process began. */
    private var asked = false

    override suspend fun scan(tell: (Scan) -> Unit) = coroutineScope {
        val mine = Reading(this, tell)
        reading = mine
        val watching = front.watch { mine.again() }
        try {
            mine.update()
            awaitCancellation()
        } finally {
            watching.close()
            if (reading === mine) reading = null
            mine.end()
        }
    }

    override fun finder(context: Context): View = FinderView(context) { if (it === finder) reading?.update() }.also { finder = it }

    override fun wish(wish: CameraWish) {
        val activity = front.activity ?: return
        when (wish) {
            CameraWish.ALLOW -> {
                asked = true
                // The answer comes as a change of what is in front.
                activity.requestPermissions(arrayOf(Manifest.permission.CAMERA), REQUEST)
            }
            CameraWish.SETTINGS -> settings(activity)
            CameraWish.AGAIN -> reading?.again()
            CameraWish.LIGHT -> reading?.light()
        }
    }

    /** A terminal whose owner took the settings away has no such screen. */
    private fun settings(activity: Activity) = try {
        activity.startActivity(Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", activity.packageName, null)))
    } catch (e: ActivityNotFoundException) {
        android.util.Log.i("camera", "no settings: ${e.javaClass.simpleName}")
    }

    /** Null: nothing stands in the way. */
    private fun barred(activity: Activity): CameraState? {
        val policy = activity.getSystemService(Context.DEVICE_POLICY_SERVICE) as DevicePolicyManager?
        return when {
            policy?.getCameraDisabled(null) == true -> CameraState.DISABLED
            activity.checkSelfPermission(Manifest.permission.CAMERA) == PackageManager.PERMISSION_GRANTED -> null
            asked && !activity.shouldShowRequestPermissionRationale(Manifest.permission.CAMERA) -> CameraState.REFUSED
            else -> CameraState.ASKS
        }
    }

    /** One time of reading, until it is cancelled. */
    private inner class Reading(private val scope: CoroutineScope, private val tell: (Scan) -> Unit) : LensListener {
        private val frames = Frames()
        private val sighted = Sighted()
        private var open: OpenLens? = null
        private var failed: CameraState? = null
        private var said: Scan.Sight? = null
        private var light = Light.NONE

        /** What failed may go now. */
        fun again() {
            failed = null
            update()
        }

        fun update() {
            val activity = front.activity ?: return close()
            val wrong = failed ?: barred(activity)
            val picture = finder?.picture
            when {
                wrong != null -> {
                    close()
                    say(wrong)
                }
                picture == null -> {
                    close()
                    say(CameraState.STARTING)
                }
                open == null -> {
                    say(CameraState.STARTING)
                    open = lens.open(picture, this)
                }
            }
        }

        fun light() {
            val on = light == Light.OFF
            if (light == Light.NONE) return
            open?.light(on)
            light = if (on) Light.ON else Light.OFF
            said?.let { say(it.camera) }
        }

        fun end() {
            close()
            frames.wipe()
            sighted.close()
        }

        private fun close() {
            open?.close()
            open = null
            light = Light.NONE
        }

        private fun say(state: CameraState) {
            val sight = Scan.Sight(state, light)
            if (sight == said) return
            said = sight
            tell(sight)
        }

        override fun sees(traits: LensTraits) {
            light = if (traits.lamp) Light.OFF else Light.NONE
            finder?.show(traits)
            say(CameraState.SEES)
        }

        override fun failed(why: CameraState) {
            failed = why
            update()
        }

        override fun picture(plane: LumaPlane) {
            val frame = frames.take(plane) ?: return
            scope.launch {
                try {
                    found(decode(frame))
                } catch (e: GatewayException) {
                    failed(CameraState.BROKEN)
                } finally {
                    frames.done()
                }
            }
        }

        private fun found(codes: List<Secret>) {
            val code = codes.singleOrNull()
            if (codes.size > 1) sighted.several(now())
            if (open != null) say(if (codes.size > 1) CameraState.MANY else CameraState.SEES)
            if (code != null && open != null && sighted.isNew(code, now())) tell(Scan.Code(code)) else codes.forEach(Secret::close)
        }
    }

    private companion object {
        const val REQUEST = 1
    }
}
