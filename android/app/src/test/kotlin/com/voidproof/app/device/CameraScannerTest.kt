package com.voidproof.app.device

import android.Manifest
import android.app.Activity
import android.app.admin.DevicePolicyManager
import android.content.ComponentName
import android.content.Context
import android.graphics.SurfaceTexture
import android.os.Looper
import android.provider.Settings
import com.voidproof.app.device.camera.Camera2Lens
import com.voidproof.app.device.camera.CameraScanner
import com.voidproof.app.device.camera.FinderView
import com.voidproof.app.device.camera.Lens
import com.voidproof.app.device.camera.LensListener
import com.voidproof.app.device.camera.LensTraits
import com.voidproof.app.device.camera.LumaPlane
import com.voidproof.app.device.camera.OpenLens
import com.voidproof.gateway.Failure
import com.voidproof.gateway.GatewayException
import com.voidproof.gateway.Secret
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.nio.ByteBuffer

/** When the camera is open, what is told of it, and what of its pictures. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 34])
class CameraScannerTest {
    private val app = RuntimeEnvironment.getApplication()
    private val front = Front().also(app::registerActivityLifecycleCallbacks)
    private val screen = Robolectric.buildActivity(Activity::class.java).setup()
    private val activity get() = screen.get()
    private val lens = FakeLens()
    private var now = 0L

    /** What the decoder finds in the next pictures. */
    private val codes = ArrayDeque<List<String>>()
    private var decoderFails = false
    private val scanner = CameraScanner(front, lens, { now }) {
        if (decoderFails) throw GatewayException(Failure.Internal("test"))
        codes.removeFirstOrNull().orEmpty().map(::Secret)
    }
    private val told = ArrayList<Scan>()
    private var reading: Job? = null

    @After
    fun end() {
        reading?.cancel()
    }

    private class FakeLens : Lens {
        var opened = 0
        var listener: LensListener? = null
        val isOpen get() = listener != null
        var light = false

        override fun open(picture: SurfaceTexture, listener: LensListener): OpenLens {
            opened++
            this.listener = listener
            return object : OpenLens {
                override fun light(on: Boolean) {
                    light = on
                }

                override fun close() {
                    this@FakeLens.listener = null
                }
            }
        }

        fun sees(lamp: Boolean = true) = listener!!.sees(LensTraits(1280, 720, 90, lamp))

        fun picture() = listener!!.picture(LumaPlane(ByteBuffer.wrap(ByteArray(4)), 2, 2, 2))
    }

    private val states get() = told.filterIsInstance<Scan.Sight>().map { it.camera }
    private val read get() = told.filterIsInstance<Scan.Code>().map { scan -> scan.code.reveal { String(it) } }

    private fun allow() = shadowOf(app).grantPermissions(Manifest.permission.CAMERA)

    private fun forbid() = shadowOf(app).denyPermissions(Manifest.permission.CAMERA)

    private fun start() {
        reading = CoroutineScope(Dispatchers.Unconfined).launch { scanner.scan { told += it } }
    }

    private fun finder() = (scanner.finder(activity) as FinderView).apply { onSurfaceTextureAvailable(SurfaceTexture(0), 640, 360) }

    private fun open() {
        allow()
        start()
        finder()
        lens.sees()
        told.clear()
    }

    /** A system's question comes before the app and goes. */
    private fun question() {
        screen.pause()
        screen.resume()
        shadowOf(Looper.getMainLooper()).idle()
    }

    @Test
    fun `without leave the person is asked, and what is granted opens the camera`() {
        start()
        assertEquals(listOf(CameraState.ASKS), states)
        scanner.wish(CameraWish.ALLOW)
        allow()
        question()
        assertEquals(CameraState.STARTING, states.last())
        assertEquals("no picture yet to show it on", 0, lens.opened)
        finder()
        lens.sees()
        assertEquals(Scan.Sight(CameraState.SEES, Light.OFF), told.last())
    }

    @Test
    fun `who denies may be asked again, who denies for good is shown the settings`() {
        start()
        scanner.wish(CameraWish.ALLOW)
        forbid()
        shadowOf(app.packageManager).setShouldShowRequestPermissionRationale(Manifest.permission.CAMERA, true)
        question()
        assertEquals(CameraState.ASKS, states.last())
        scanner.wish(CameraWish.ALLOW)
        shadowOf(app.packageManager).setShouldShowRequestPermissionRationale(Manifest.permission.CAMERA, false)
        question()
        assertEquals(CameraState.REFUSED, states.last())
        scanner.wish(CameraWish.SETTINGS)
        assertEquals(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, shadowOf(activity).nextStartedActivity.action)
        assertEquals(0, lens.opened)
    }

    @Test
    fun `revoked while it is open it is closed, and the person is asked`() {
        open()
        forbid()
        question()
        assertFalse(lens.isOpen)
        assertEquals(CameraState.ASKS, states.last())
        open()
        lens.listener!!.failed(CameraState.ASKS)
        assertFalse("the platform says so itself", lens.isOpen)
    }

    @Test
    fun `it is closed behind another app, without its picture, and when nobody waits`() {
        open()
        screen.pause()
        assertFalse(lens.isOpen)
        screen.resume()
        assertTrue(lens.isOpen)
        finder()
        assertTrue(lens.isOpen)
        val shown = finder()
        shown.onSurfaceTextureDestroyed(SurfaceTexture(1))
        assertFalse(lens.isOpen)
        finder()
        assertTrue(lens.isOpen)
        reading!!.cancel()
        assertFalse(lens.isOpen)
    }

    @Test
    fun `what fails is told and tried again when the person says so or comes back`() {
        for (why in listOf(CameraState.BUSY, CameraState.BROKEN, CameraState.DISABLED)) {
            open()
            lens.listener!!.failed(why)
            assertEquals(why, states.last())
            assertFalse(lens.isOpen)
            scanner.wish(CameraWish.AGAIN)
            assertTrue(lens.isOpen)
            lens.listener!!.failed(why)
            question()
            assertTrue(lens.isOpen)
            reading!!.cancel()
        }
    }

    @Test
    fun `an administrator's word comes before any question`() {
        val policy = app.getSystemService(Context.DEVICE_POLICY_SERVICE) as DevicePolicyManager
        val admin = ComponentName(app, "Admin")
        shadowOf(policy).setDeviceOwner(admin)
        policy.setCameraDisabled(admin, true)
        start()
        assertEquals(listOf(CameraState.DISABLED), states)
    }

    @Test
    fun `the lamp goes on and off, and is off when the camera opens anew`() {
        open()
        scanner.wish(CameraWish.LIGHT)
        assertEquals(Scan.Sight(CameraState.SEES, Light.ON), told.last())
        assertTrue(lens.light)
        scanner.wish(CameraWish.LIGHT)
        assertEquals(Light.OFF, (told.last() as Scan.Sight).light)
        question()
        lens.sees(lamp = false)
        assertEquals(Light.NONE, (told.last() as Scan.Sight).light)
        scanner.wish(CameraWish.LIGHT)
        assertFalse(lens.light)
    }

    @Test
    fun `a code is told once while it is in sight, and the next one at once`() {
        open()
        repeat(30) {
            codes += listOf("134567890123456789")
            lens.picture()
            now += 33
        }
        codes += listOf("https://example.com")
        lens.picture()
        assertEquals(listOf("134567890123456789", "https://example.com"), read)
    }

    @Test
    fun `of several codes none is taken until one stands alone for a while`() {
        open()
        codes += listOf("134567890123456789", "28763412345678901234")
        lens.picture()
        assertEquals(CameraState.MANY, states.last())
        now += 33
        codes += listOf("134567890123456789")
        lens.picture()
        assertEquals(emptyList<String>(), read)
        now += 1_000
        codes += listOf("134567890123456789")
        lens.picture()
        assertEquals(1, read.size)
        assertEquals(CameraState.SEES, states.last())
    }

    @Test
    fun `a decoder that fails is told as a broken camera`() {
        open()
        decoderFails = true
        lens.picture()
        assertEquals(CameraState.BROKEN, states.last())
    }

    @Test
    fun `the right camera errors say the right thing`() {
        assertEquals(CameraState.BUSY, Camera2Lens.reason(android.hardware.camera2.CameraAccessException.CAMERA_IN_USE))
        assertEquals(CameraState.DISABLED, Camera2Lens.reason(android.hardware.camera2.CameraAccessException.CAMERA_DISABLED))
        assertEquals(CameraState.BROKEN, Camera2Lens.reason(android.hardware.camera2.CameraAccessException.CAMERA_ERROR))
    }

    @Test
    fun `pictures are as large as a code needs and the decoder takes`() {
        val sizes = listOf(640 to 480, 1280 to 720, 1920 to 1080, 4160 to 3120).map { (w, h) -> android.util.Size(w, h) }
        assertEquals(android.util.Size(1280, 720), Camera2Lens.nearest(sizes))
        assertEquals(android.util.Size(640, 480), Camera2Lens.nearest(listOf(sizes[0], sizes[3])))
        assertNull(Camera2Lens.nearest(listOf(sizes[3])))
    }

    /** A portrait picture of 720 × 1280 on a wide view: as wide as the view, cut above and below, its middle in the middle. */
    @Test
    fun `the picture covers the view in its own proportions, however the device is held`() {
        val traits = LensTraits(1280, 720, 90, lamp = false)
        for (turns in 0..3) {
            val corners = floatArrayOf(0f, 0f, 720f, 360f)
            FinderView.covering(traits, turns, 720f, 360f).mapPoints(corners)
            val wide = kotlin.math.abs(corners[2] - corners[0])
            val high = kotlin.math.abs(corners[3] - corners[1])
            assertEquals(if (turns % 2 == 0) 720f to 1280f else 720f to 405f, wide to high)
            assertEquals(360f to 180f, (corners[0] + corners[2]) / 2 to (corners[1] + corners[3]) / 2)
        }
    }
}
