package com.voidproof.app.device.platform

import android.content.Context
import android.net.Uri
import android.provider.OpenableColumns
import com.voidproof.app.device.FileContent
import com.voidproof.app.device.FileTrouble
import com.voidproof.app.device.FoundFile
import com.voidproof.app.device.ProfileFiles
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/**
 * The folder `Android/data/<app>/files/import`, which a computer at the USB port can write, and files that another app shared with this
 * one. Neither needs a permission.
 */
class AndroidProfiles(private val context: Context, private val files: CoroutineDispatcher = Dispatchers.IO) : ProfileFiles {
    private val offered = CopyOnWriteArrayList<String>()

    override fun offer(place: String) {
        offered.remove(place)
        offered.add(0, place)
    }

    /** What other apps handed over, newest first; the file may be no profile. Asks their providers: not on the main thread. */
    fun offered(): List<FoundFile> = offered.map(::shared)

    override suspend fun list(): List<FoundFile> = withContext(files) { offered() + inFolder() }

    override suspend fun read(file: FoundFile): FileContent = withContext(files) { content(file.place) }

    override suspend fun beside(name: String): FileContent = withContext(files) {
        val wanted = name.substringAfterLast('/')
        val shared = offered().firstOrNull { it.name == wanted }?.place
        val place = shared ?: folder()?.let { File(it, wanted) }?.takeIf(File::isFile)?.path
        place?.let(::content) ?: FileContent.Failed(FileTrouble.GONE)
    }

    private fun content(place: String): FileContent = try {
        open(place)?.use(::bytes) ?: FileContent.Failed(FileTrouble.GONE)
    } catch (_: IOException) {
        FileContent.Failed(FileTrouble.GONE)
    } catch (_: SecurityException) {
        FileContent.Failed(FileTrouble.GONE)
    }

    private fun folder(): File? = context.getExternalFilesDir(FOLDER)

    private fun inFolder(): List<FoundFile> {
        val found = folder()?.listFiles { file -> file.isFile && file.extension.lowercase() in ENDINGS }.orEmpty()
        return found.sortedByDescending(File::lastModified).take(MOST).map { FoundFile(it.path, it.name, it.length()) }
    }

    private fun shared(place: String): FoundFile {
        val uri = Uri.parse(place)
        val name = try {
            context.contentResolver.query(uri, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)?.use { rows ->
                if (rows.moveToFirst()) rows.getString(0) else null
            }
        } catch (_: RuntimeException) {
            null // A provider may throw whatever it likes; the file may still be readable.
        }
        return FoundFile(place, name ?: uri.lastPathSegment ?: place, bytes = null)
    }

    private fun open(place: String): InputStream? =
        if (place in offered) context.contentResolver.openInputStream(Uri.parse(place)) else File(place).inputStream()

    private fun bytes(stream: InputStream): FileContent {
        val buffer = ByteArray(LARGEST + 1)
        var read = 0
        while (read < buffer.size) {
            val more = stream.read(buffer, read, buffer.size - read)
            if (more < 0) break
            read += more
        }
        val content = if (read > LARGEST) FileContent.Failed(FileTrouble.TOO_LARGE) else FileContent.Read(buffer.copyOf(read))
        buffer.fill(0)
        return content
    }

    private companion object {
        const val FOLDER = "import"
        const val MOST = 20

        /** A profile is a page of text; more is a mistake. */
        const val LARGEST = 64 * 1024
        val ENDINGS = setOf("toml", "txt")
    }
}
