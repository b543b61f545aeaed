package com.voidproof.app.screens

import com.voidproof.app.core.Tools
import com.voidproof.app.device.PrintResult
import com.voidproof.gateway.ReceiptOf

/** Prints and, once the paper came out, records it. Without a printer nothing is recorded. */
suspend fun Tools.printSlip(of: ReceiptOf): PrintResult {
    val printer = devices.printer ?: return PrintResult.NOT_CONNECTED
    val result = printer.print(gateway.receipt(of))
    if (result == PrintResult.PRINTED) gateway.slipPrinted(of)
    return result
}
