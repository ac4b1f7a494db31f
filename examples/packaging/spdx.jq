# An SPDX 2.3 document out of `cargo metadata`: every crate that is built into the program, each with its licence.
def id: "SPDXRef-" + (. | gsub("[^A-Za-z0-9.-]"; "-"));
. as $all
| ($all.packages | map({ (.id): . }) | add) as $by
| ($all.packages[] | select(.name == "udsync") | .id) as $root
# What only builds or tests need is not in the program.
| ($all.resolve.nodes | map({ (.id): [.deps[] | select(any(.dep_kinds[]; .kind == null)) | .pkg] }) | add) as $uses
| def reached: [., ([.[] | $uses[.][]] )] | add | unique;
  def closure: reached as $more | if ($more | length) == length then . else ($more | closure) end;
  ([$root] | closure) as $inside
| {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: "udsync-\($version)",
    documentNamespace: "https://spdx.org/spdxdocs/udsync-\($version)-\($commit)",
    creationInfo: { created: $created, creators: ["Tool: udsync-release"] },
    packages: [
      $inside[] | $by[.] | {
        SPDXID: ("\(.name)-\(.version)" | id),
        name: .name,
        versionInfo: .version,
        downloadLocation: (if .source == null then "NOASSERTION" else "https://crates.io/crates/\(.name)/\(.version)" end),
        licenseConcluded: "NOASSERTION",
        licenseDeclared: ((.license // "NOASSERTION") | gsub("/"; " OR ")),
        copyrightText: "NOASSERTION",
        filesAnalyzed: false,
        externalRefs: (if .source == null then [] else [{
          referenceCategory: "PACKAGE-MANAGER",
          referenceType: "purl",
          referenceLocator: "pkg:cargo/\(.name)@\(.version)"
        }] end)
      }
    ],
    relationships: (
      [{ spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES",
         relatedSpdxElement: ($by[$root] | "\(.name)-\(.version)" | id) }]
      + [$inside[] as $one | $uses[$one][] as $other | {
          spdxElementId: ($by[$one] | "\(.name)-\(.version)" | id),
          relationshipType: "DEPENDS_ON",
          relatedSpdxElement: ($by[$other] | "\(.name)-\(.version)" | id)
        }]
    )
  }
