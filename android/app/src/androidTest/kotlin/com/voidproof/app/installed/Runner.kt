package com.voidproof.app.installed

import android.app.Activity
import android.app.Instrumentation
import android.os.Bundle
import org.junit.runner.Description
import org.junit.runner.JUnitCore
import org.junit.runner.Request
import org.junit.runner.notification.Failure
import org.junit.runner.notification.RunListener

/**
 * Runs JUnit 4 tests inside the installed app and reports by the keys that `am instrument -r`, Android Studio and Gradle read:
 *
 *     adb shell am instrument -w com.voidproof.app.test/com.voidproof.app.installed.Runner
 *
 * `-e class NAME[#METHOD][,…]` chooses; without it everything runs but the halves of pairs.
 */
class Runner : Instrumentation() {
    private var arguments = Bundle()

    override fun onCreate(arguments: Bundle?) {
        super.onCreate(arguments)
        this.arguments = arguments ?: Bundle()
        start()
    }

    override fun onStart() {
        super.onStart()
        Here.context = targetContext
        @Suppress("DEPRECATION") // Its successor needs API 33.
        Here.arguments = arguments.keySet().associateWith { arguments.get(it).toString() }
        val report = Report(this)
        val core = JUnitCore().apply { addListener(report) }
        val requests = requests(arguments.getString("class"))
        report.total = requests.sumOf { it.runner.testCount() }
        val results = requests.map(core::run)
        val failed = results.sumOf { it.failureCount }
        val run = results.sumOf { it.runCount }
        val words = if (failed == 0) "OK ($run tests)" else "FAILURES!!!\nTests run: $run,  Failures: $failed"
        finish(Activity.RESULT_OK, Bundle().apply { putString(REPORT_KEY_STREAMRESULT, "\n$words\n") })
    }

    private fun requests(names: String?): List<Request> {
        if (names == null) return Tests.all.filterNot(Tests::isPaired).map { Request.aClass(it) }
        return names.split(',').map { name ->
            val type = Class.forName(name.substringBefore('#'))
            if ('#' in name) Request.method(type, name.substringAfter('#')) else Request.aClass(type)
        }
    }
}

/** Each test as two status messages: that it began, and how it ended. */
private class Report(private val instrumentation: Instrumentation) : RunListener() {
    var total = 0
    private var current = 0
    private var failure: Failure? = null

    override fun testStarted(description: Description) {
        current++
        failure = null
        send(START, description, "\n${description.className}:")
    }

    override fun testFailure(failure: Failure) {
        this.failure = failure
    }

    override fun testFinished(description: Description) {
        val failure = failure
        when {
            failure == null -> send(OK, description, ".")
            failure.exception is AssertionError -> send(FAILED, description, "\n${failure.trace}", failure.trace)
            else -> send(ERROR, description, "\n${failure.trace}", failure.trace)
        }
    }

    private fun send(code: Int, description: Description, words: String, trace: String? = null) {
        val status = Bundle()
        status.putString(Instrumentation.REPORT_KEY_IDENTIFIER, "voidproof")
        status.putInt("numtests", total)
        status.putInt("current", current)
        status.putString("class", description.className)
        status.putString("test", description.methodName)
        status.putString(Instrumentation.REPORT_KEY_STREAMRESULT, words)
        trace?.let { status.putString("stack", it) }
        instrumentation.sendStatus(code, status)
    }

    private companion object {
        const val START = 1
        const val OK = 0
        const val ERROR = -1
        const val FAILED = -2
    }
}
