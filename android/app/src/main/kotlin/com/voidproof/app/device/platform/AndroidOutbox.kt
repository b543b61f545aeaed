package com.voidproof.app.device.platform

import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import com.voidproof.app.device.Kept
import com.voidproof.app.device.Outbox
import com.voidproof.app.device.Shared
import com.voidproof.gateway.EvidenceFile
import java.io.File
import java.io.IOException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Files go to `Android/data/<app>/files/evidence`, which a computer at the USB port can read. */
class AndroidOutbox(private val context: Context, private val files: CoroutineDispatcher = Dispatchers.IO) : Outbox {
    override suspend fun keep(files: List<EvidenceFile>): Kept = withContext(this.files) {
        val folder = context.getExternalFilesDir(FOLDER) ?: return@withContext Kept.Failed
        val written = ArrayList<File>()
        try {
            files.forEach { file -> written += File(folder, file.name + PART).apply { writeBytes(file.bytes) } }
            val done = written.all { it.renameTo(File(folder, it.name.removeSuffix(PART))) }
            if (done) Kept.In("Android/data/${context.packageName}/files/$FOLDER") else Kept.Failed
        } catch (_: IOException) {
            Kept.Failed
        } finally {
            written.forEach(File::delete)
        }
    }

    override fun share(title: String, text: String): Shared {
        if (isPinned(context)) return Shared.PINNED
        val send = Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_SUBJECT, title).putExtra(Intent.EXTRA_TEXT, text)
        return try {
            context.startActivity(Intent.createChooser(send, title).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
            Shared.CHOOSING
        } catch (_: ActivityNotFoundException) {
            Shared.NOBODY
        }
    }

    private companion object {
        const val FOLDER = "evidence"
        const val PART = ".part"
    }
}
