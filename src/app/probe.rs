//! Probes: one harmless question to a service, by which it shows that it lets us in.

use super::App;
use crate::connector::port::ShopReader;
use crate::model::fault::Fault;
use crate::model::service::Service;
use crate::store::Store;

impl App {
    /// Asks it. Answers with the service's own name for what is connected.
    pub async fn probe(&self, store: &Store, service: Service) -> Result<String, Fault> {
        let given = self.given_for(store, &[service])?;
        match service {
            Service::Quickbooks => self.target(store, &given)?.probe().await,
            Service::Woocommerce => {
                let source = self.source(&given)?;
                // Whether there is such an order or not: it needs the right to read orders.
                source.fetch(&[1]).await?;
                Ok(source.address().to_owned())
            }
            Service::Supabase => {
                let database = self.database(&given)?.describe().await?;
                Ok(format!("{} ({})", database.address, database.version))
            }
        }
    }
}
