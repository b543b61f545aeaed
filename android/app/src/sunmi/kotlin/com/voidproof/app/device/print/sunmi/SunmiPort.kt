package com.voidproof.app.device.print.sunmi

import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.content.ServiceConnection
import android.os.Binder
import android.os.IBinder
import android.os.Parcel
import android.os.RemoteException
import com.voidproof.app.device.print.escpos.Link
import com.voidproof.app.device.print.escpos.Port
import java.io.IOException
import java.util.concurrent.ArrayBlockingQueue
import java.util.concurrent.TimeUnit

/**
 * Sunmi's print service, asked for one thing alone: to hand commands of ESC/POS to the printer. It takes them in order and says whether
 * each lot was taken; what the printer answers does not come back. Only what its call is called is known here, not its source.
 */
class SunmiPort private constructor(private val context: Context) : Port {
    override fun open(): Link {
        val service = Service()
        val asked = Intent(SERVICE).setPackage(PACKAGE)
        if (!context.bindService(asked, service, Context.BIND_AUTO_CREATE)) {
            context.unbindService(service)
            throw IOException("no print service")
        }
        val binder = service.bound.poll(LIMIT, TimeUnit.SECONDS)
        if (binder == null) {
            context.unbindService(service)
            throw IOException("the print service does not start")
        }
        return SunmiLink(binder) { context.unbindService(service) }
    }

    private class Service : ServiceConnection {
        val bound = ArrayBlockingQueue<IBinder>(1)

        override fun onServiceConnected(name: ComponentName, service: IBinder) {
            bound.offer(service)
        }

        override fun onServiceDisconnected(name: ComponentName) = Unit
    }

    companion object {
        private const val PACKAGE = "woyou.aidlservice.jiuiv5"
        private const val SERVICE = SunmiLink.SERVICE

        /** Null: not a terminal of this maker, or one without a printer. */
        fun of(context: Context): SunmiPort? =
            if (context.packageManager.resolveService(Intent(SERVICE).setPackage(PACKAGE), 0) == null) null else SunmiPort(context)

        /** Seconds for the service to start. */
        private const val LIMIT = 3L
    }
}

/** [limit]: milliseconds for one lot. */
internal class SunmiLink(private val service: IBinder, private val limit: Long = LIMIT, private val unbind: () -> Unit) : Link {
    private var open = true

    override val answers = false

    override fun write(bytes: ByteArray) {
        for (from in bytes.indices step LOT) lot(bytes.copyOfRange(from, minOf(from + LOT, bytes.size)))
    }

    private fun lot(bytes: ByteArray) {
        val outcome = Outcome()
        val call = Parcel.obtain()
        val reply = Parcel.obtain()
        try {
            call.writeInterfaceToken(SERVICE)
            call.writeByteArray(bytes)
            call.writeStrongBinder(outcome)
            if (!service.transact(SEND_RAW, call, reply, 0)) throw IOException("the print service does not know this call")
            reply.readException()
        } catch (e: RemoteException) {
            throw IOException("the print service died", e)
        } catch (e: RuntimeException) {
            throw IOException("the print service refused: ${e.javaClass.simpleName}")
        } finally {
            call.recycle()
            reply.recycle()
        }
        if (outcome.taken.poll(limit, TimeUnit.MILLISECONDS) != true) throw IOException("the print service did not take it")
    }

    override fun read(limit: Int): Int? = null

    override fun close() {
        if (open) unbind()
        open = false
    }

    /** Hears what became of a lot. Untrusted: the first word counts, whatever comes after. */
    private class Outcome : Binder() {
        val taken = ArrayBlockingQueue<Boolean>(1)

        override fun onTransact(code: Int, data: Parcel, reply: Parcel?, flags: Int): Boolean {
            when (code) {
                RAN -> {
                    data.enforceInterface(CALLBACK)
                    taken.offer(data.readInt() != 0)
                }
                RAISED -> taken.offer(false)
                RETURNED -> Unit
                else -> return super.onTransact(code, data, reply, flags)
            }
            reply?.writeNoException()
            return true
        }
    }

    internal companion object {
        const val SERVICE = "woyou.aidlservice.jiuiv5.IWoyouService"
        const val CALLBACK = "woyou.aidlservice.jiuiv5.ICallback"

        /** The numbers of the calls, by their places in the service's published interface. */
        const val SEND_RAW = IBinder.FIRST_CALL_TRANSACTION + 10
        const val RAN = IBinder.FIRST_CALL_TRANSACTION
        const val RETURNED = IBinder.FIRST_CALL_TRANSACTION + 1
        const val RAISED = IBinder.FIRST_CALL_TRANSACTION + 2

        /** Bytes in one call, far below what a binder carries. */
        const val LOT = 65_536

        const val LIMIT = 10_000L
    }
}
