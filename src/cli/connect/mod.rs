//! `connect`: stores credentials, tries them, and says what they lead to.

mod brought;
mod company;
mod connected;
pub mod keys;
mod list;
pub mod place;
pub mod quickbooks;
mod remove;
mod schema;
mod stripe;
pub mod supabase;
pub mod woocommerce;

use clap::Subcommand;

use super::args::Global;
use super::report::Failure;

/// Connect the shop, the books, the database and payment services
#[derive(Debug, Subcommand)]
pub enum ConnectCommand {
    Woocommerce(woocommerce::WoocommerceArgs),
    Quickbooks(quickbooks::QuickbooksArgs),
    Supabase(supabase::SupabaseArgs),
    Stripe(stripe::StripeArgs),
    List(list::ConnectListArgs),
    Test(list::ConnectTestArgs),
    Remove(list::ConnectRemoveArgs),
    RotateKey(keys::RotateKeyArgs),
}

/// Runs `connect`.
pub async fn connect(global: &Global, command: &ConnectCommand) -> Result<u8, Failure> {
    match command {
        ConnectCommand::Woocommerce(args) => woocommerce::woocommerce(global, args).await,
        ConnectCommand::Quickbooks(args) => quickbooks::quickbooks(global, args).await,
        ConnectCommand::Supabase(args) => supabase::supabase(global, args).await,
        ConnectCommand::Stripe(args) => stripe::stripe(global, args).await,
        ConnectCommand::List(args) => list::list(global, args),
        ConnectCommand::Test(args) => list::test(global, args).await,
        ConnectCommand::Remove(args) => list::remove(global, args).await,
        ConnectCommand::RotateKey(args) => keys::rotate_key(global, args),
    }
}
