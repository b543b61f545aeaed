package com.voidproof.app.unit

import com.voidproof.app.text.RELEASED
import org.junit.Assert.assertEquals
import org.junit.Test
import java.io.File
import java.time.LocalDate
import java.time.ZoneOffset

/** The clock is measured by the newest release that the changelog has a day for. */
class ReleasedTest {
    @Test
    fun `the day of the newest release stands in the app`() {
        val heading = Regex("""## \[[\d.]+] - (\S+)""").find(File("../../CHANGELOG.md").readText())
        val day = LocalDate.parse(heading!!.groupValues[1])
        assertEquals(day.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli(), RELEASED)
    }
}
