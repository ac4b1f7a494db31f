# The formula for Homebrew. release.sh fills in version and checksum: put what it made into a tap, then `brew install TAP/udsync`.
class Udsync < Formula
  desc "Keeps a WooCommerce shop and its QuickBooks books in step"
  homepage "https://example.com/udsync"
  url "https://example.com/udsync/releases/v@VERSION@/udsync-@VERSION@.tar.gz"
  sha256 "@SHA256@"
  license any_of: ["MIT", "Apache-2.0"]

  depends_on "rust" => :build

  def install
    system "cargo", "install", *std_cargo_args
    man1.install Dir["man/*.1"]
    man5.install Dir["man/*.5"]
    man7.install Dir["man/*.7"]
    generate_completions_from_executable(bin/"udsync", "completions")
  end

  test do
    assert_match "created", shell_output("#{bin}/udsync sync orders --sandbox")
  end
end
