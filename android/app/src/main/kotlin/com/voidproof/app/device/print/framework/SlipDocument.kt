package com.voidproof.app.device.print.framework

import android.content.Context
import android.graphics.Canvas
import android.os.Bundle
import android.os.CancellationSignal
import android.os.ParcelFileDescriptor
import android.print.PageRange
import android.print.PrintAttributes
import android.print.PrintDocumentAdapter
import android.print.PrintDocumentInfo
import android.print.pdf.PrintedPdfDocument
import com.voidproof.app.device.PaperWidth
import com.voidproof.app.device.print.picture.Row
import com.voidproof.app.device.print.picture.SlipLayout
import com.voidproof.gateway.ReceiptLine
import java.io.FileOutputStream
import java.io.IOException

/** A slip as a document: as wide as a slip on large paper, as wide as the paper on small. [closed]: Android's print screen is gone. */
class SlipDocument(private val context: Context, lines: List<ReceiptLine>, private val closed: () -> Unit) : PrintDocumentAdapter() {
    private val slip = SlipLayout(lines, PaperWidth.WIDE.dots)
    private var paper: PrintAttributes? = null
    private var pages: List<List<Row>> = emptyList()

    /** Points for a dot. */
    private var scale = 1f

    override fun onLayout(
        old: PrintAttributes?,
        new: PrintAttributes,
        cancelled: CancellationSignal?,
        callback: LayoutResultCallback,
        extras: Bundle?,
    ) {
        if (cancelled?.isCanceled == true) return callback.onLayoutCancelled()
        val document = PrintedPdfDocument(context, new)
        val room = document.pageContentRect
        document.close()
        if (room.width() <= 0 || room.height() <= 0) return callback.onLayoutFailed(null)
        paper = new
        scale = minOf(room.width(), SLIP).toFloat() / PaperWidth.WIDE.dots
        pages = pages((room.height() / scale).toInt())
        val info = PrintDocumentInfo.Builder(NAME).setContentType(PrintDocumentInfo.CONTENT_TYPE_DOCUMENT).setPageCount(pages.size).build()
        callback.onLayoutFinished(info, old != new)
    }

    /** No line is cut in two. */
    private fun pages(height: Int): List<List<Row>> {
        val pages = ArrayList<ArrayList<Row>>()
        var left = 0
        for (row in slip.rows) {
            if (pages.isEmpty() || row.height > left) {
                pages += ArrayList<Row>()
                left = height
            }
            pages.last() += row
            left -= row.height
        }
        return pages
    }

    override fun onWrite(
        wanted: Array<out PageRange>,
        to: ParcelFileDescriptor,
        cancelled: CancellationSignal?,
        callback: WriteResultCallback,
    ) {
        val paper = paper ?: return callback.onWriteFailed(null)
        val document = PrintedPdfDocument(context, paper)
        try {
            pages.forEachIndexed { number, rows ->
                if (cancelled?.isCanceled == true) return callback.onWriteCancelled()
                val page = document.startPage(number)
                draw(page.canvas, rows)
                document.finishPage(page)
            }
            FileOutputStream(to.fileDescriptor).use(document::writeTo)
            callback.onWriteFinished(arrayOf(PageRange.ALL_PAGES))
        } catch (_: IOException) {
            callback.onWriteFailed(null)
        } finally {
            document.close()
        }
    }

    private fun draw(canvas: Canvas, rows: List<Row>) {
        canvas.scale(scale, scale)
        rows.forEach { row ->
            row.draw(canvas)
            canvas.translate(0f, row.height.toFloat())
        }
    }

    override fun onFinish() = closed()

    private companion object {
        const val NAME = "slip.pdf"

        /** Points: the 72 mm that a head of 576 dots prints. */
        const val SLIP = 204
    }
}
