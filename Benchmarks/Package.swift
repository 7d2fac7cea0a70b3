// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "Zeroset", path: "..")],
    targets: [
        .target(name: "CPeak"),
        .executableTarget(
            name: "kernel-bench",
            dependencies: [
                "CPeak",
                .product(name: "CKernels", package: "Zeroset"),
                .product(name: "Fields", package: "Zeroset"),
                .product(name: "Geometry", package: "Zeroset"),
            ]),
        .executableTarget(
            name: "iso-bench",
            dependencies: [
                "CPeak",
                .product(name: "Geometry", package: "Zeroset"),
                .product(name: "Mesh", package: "Zeroset"),
            ]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
