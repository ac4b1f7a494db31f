//! Probes: one harmless question to a service, by which it shows that it lets us in. What is asked, its connector knows.

use super::App;
use crate::model::fault::Fault;
use crate::model::service::{Service, ServiceRole};
use crate::store::Store;

impl App {
    /// Asks it. Answers with the service's own name for what is connected.
    pub async fn probe(&self, store: &Store, service: Service) -> Result<String, Fault> {
        let given = self.given_for(store, &[service])?;
        match service.role() {
            ServiceRole::Shop => self.source(&given)?.probe().await,
            ServiceRole::Books => self.target(store, &given)?.probe().await,
            ServiceRole::Copy => self.database(&given)?.probe().await,
            ServiceRole::Gateway => self.stripe(&given)?.probe().await,
        }
    }
}
