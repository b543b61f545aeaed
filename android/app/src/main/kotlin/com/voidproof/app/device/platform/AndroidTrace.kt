package com.voidproof.app.device.platform

import android.os.Build
import com.voidproof.app.core.TraceSink

/** Sections that Perfetto shows. They begin and end on different threads, which Android knows since 10. */
object AndroidTrace : TraceSink {
    override fun begin(name: String) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) Newer.beginSection(name)
    }

    override fun end(name: String) {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) Newer.endSection(name)
    }
}
