package com.voidproof.app.device.print

import android.app.Application
import android.os.Binder
import android.os.IBinder
import android.os.Parcel
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.print.escpos.EscPosPrinter
import com.voidproof.app.device.print.sunmi.SunmiLink
import com.voidproof.app.device.print.sunmi.SunmiPort
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import java.io.ByteArrayOutputStream

/** The maker's adapter against a service that behaves as the published interface says. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 34], application = Application::class)
class SunmiTest {
    private class FakeService(val answer: (IBinder) -> Unit) : Binder() {
        val paper = ByteArrayOutputStream()

        override fun onTransact(code: Int, data: Parcel, reply: Parcel?, flags: Int): Boolean {
            if (code != 11) return false
            data.enforceInterface("woyou.aidlservice.jiuiv5.IWoyouService")
            paper.write(data.createByteArray()!!)
            val callback = data.readStrongBinder()
            reply?.writeNoException()
            answer(callback)
            return true
        }
    }

    private fun say(callback: IBinder, code: Int, vararg words: Int) {
        val data = Parcel.obtain()
        data.writeInterfaceToken("woyou.aidlservice.jiuiv5.ICallback")
        words.forEach(data::writeInt)
        callback.transact(code, data, Parcel.obtain(), 0)
    }

    private val slip = ByteArray(150_000) { it.toByte() }

    private fun print(service: FakeService) = runBlocking {
        EscPosPrinter({ SunmiLink(service, limit = 300) {} }, Dispatchers.IO) { slip }.print(emptyList())
    }

    @Test
    fun `a slip goes to the printer whole and without a question, and nobody claims that paper came out`() {
        val service = FakeService { say(it, 1, 1) }
        assertEquals(PrintResult.SENT, print(service))
        assertArrayEquals(slip, service.paper.toByteArray())
    }

    @Test
    fun `what the service refuses may be out in part`() {
        assertEquals(PrintResult.UNSURE, print(FakeService { say(it, 1, 0) }))
        assertEquals(PrintResult.UNSURE, print(FakeService { say(it, 3, 4) }))
        assertEquals(PrintResult.UNSURE, print(FakeService { throw IllegalStateException() }))
    }

    @Test
    fun `on another maker's terminal there is none`() = assertNull(SunmiPort.of(RuntimeEnvironment.getApplication()))
}
