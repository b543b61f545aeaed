package com.voidproof.app.device.print.framework

import android.app.Activity
import android.content.Context
import android.print.PrintManager
import com.voidproof.app.device.PrintResult
import com.voidproof.app.device.Printer
import com.voidproof.app.device.platform.isPinned
import com.voidproof.gateway.ReceiptLine
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.withContext
import kotlin.coroutines.CoroutineContext

/**
 * Any printer that Android knows, by its own print screen, in which the person chooses one. Android tells that the job was taken, not
 * that paper came out. [front]: the activity that the person sees. [main]: the main thread.
 */
class FrameworkPrinter(private val main: CoroutineContext, private val front: () -> Activity?) : Printer {
    override suspend fun print(lines: List<ReceiptLine>): PrintResult = withContext(main) {
        val activity = front() ?: return@withContext PrintResult.NOT_CONNECTED
        if (isPinned(activity)) return@withContext PrintResult.PINNED
        val manager = activity.getSystemService(Context.PRINT_SERVICE) as PrintManager?
            ?: return@withContext PrintResult.NOT_CONNECTED
        val closed = CompletableDeferred<Unit>()
        try {
            val job = manager.print(NAME, SlipDocument(activity, lines) { closed.complete(Unit) }, null)
            closed.await()
            when {
                job.isCancelled -> PrintResult.CANCELLED
                job.isFailed -> PrintResult.FAILED
                else -> PrintResult.SENT
            }
        } catch (e: CancellationException) {
            throw e
        } catch (e: RuntimeException) {
            android.util.Log.i("print", "Android's print screen did not open: ${e.javaClass.simpleName}")
            PrintResult.FAILED
        }
    }

    private companion object {
        /** The name of the job is seen by other apps: nothing of the slip stands in it. */
        const val NAME = "slip"
    }
}
