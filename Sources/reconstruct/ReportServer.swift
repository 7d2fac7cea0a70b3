// SPDX-License-Identifier: Apache-2.0

import FlyingFox
import FlyingSocks
import Foundation
import Report

/// Serves files to browsers on this machine until somebody interrupts the program.
struct ReportServer {
    let files: ServedFiles
    /// 0 for any free port.
    let port: UInt16

    /// - Parameter ready: Told the address as soon as it can be opened.
    /// - Throws: ``CommandFailure`` when the port cannot be used.
    func run(ready: (String) -> Void) async throws {
        let server = HTTPServer(
            address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), logger: .disabled,
            handler: Handler(files: files))
        let task = Task { try await server.run() }
        do {
            try await server.waitUntilListening(timeout: 2)
        } catch {
            throw CommandFailure(
                "Cannot listen on port \(port) of 127.0.0.1. Another program may use it: choose another --port, or none."
            )
        }
        if case .ip4(_, let port) = await server.listeningAddress { ready("http://127.0.0.1:\(port)/") }
        while !Interruption.isRequested { try await Task.sleep(for: .milliseconds(50)) }
        await server.stop(timeout: 0)
        task.cancel()
    }

    private struct Handler: HTTPHandler {
        let files: ServedFiles

        func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
            // A page from elsewhere that had its own name resolve to 127.0.0.1 would come with that name.
            let host = request.headers[.host]?.split(separator: ":").first
            guard host == "127.0.0.1" || host == "localhost" else {
                return HTTPResponse(statusCode: .misdirectedRequest)
            }
            guard request.method == .GET || request.method == .HEAD else {
                return HTTPResponse(statusCode: .methodNotAllowed)
            }
            guard let file = files.file(for: request.target.path()) else { return HTTPResponse(statusCode: .notFound) }
            let handler = FileHTTPHandler(
                path: URL(fileURLWithPath: file.path), contentType: file.contentType, cacheControl: [.noStore])
            var response = try await handler.handleRequest(request)
            response.headers[HTTPHeader("X-Content-Type-Options")] = "nosniff"
            return response
        }
    }
}
