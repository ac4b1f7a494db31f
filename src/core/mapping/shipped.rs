//! The mappings that ship with the program, and their cases.
//!
//! A shop's own file of the same name wins over the one here; who reads the shop's folder decides that.

/// One mapping of the program's own.
#[derive(Clone, Copy, Debug)]
pub struct Shipped {
    pub source: &'static str,
    pub target: &'static str,
    pub entity: &'static str,
    pub text: &'static str,
    pub cases: &'static str,
}

macro_rules! shipped {
    ($source:literal, $target:literal, $entity:literal) => {
        Shipped {
            source: $source,
            target: $target,
            entity: $entity,
            text: include_str!(concat!(
                "../../../mappings/",
                $source,
                "-",
                $target,
                "/",
                $entity,
                ".toml"
            )),
            cases: include_str!(concat!(
                "../../../mappings/",
                $source,
                "-",
                $target,
                "/",
                $entity,
                ".cases.toml"
            )),
        }
    };
}

pub static SHIPPED: &[Shipped] = &[
    shipped!("woocommerce", "quickbooks", "orders"),
    shipped!("woocommerce", "quickbooks", "customers"),
    shipped!("woocommerce", "quickbooks", "products"),
    shipped!("woocommerce", "supabase", "orders"),
    shipped!("woocommerce", "supabase", "order_lines"),
    shipped!("woocommerce", "supabase", "refunds"),
    shipped!("woocommerce", "supabase", "customers"),
    shipped!("woocommerce", "supabase", "products"),
];

pub fn find(source: &str, target: &str, entity: &str) -> Option<&'static Shipped> {
    SHIPPED.iter().find(|shipped| {
        shipped.source == source && shipped.target == target && shipped.entity == entity
    })
}

impl Shipped {
    /// What people call it: `woocommerce-quickbooks/orders`.
    pub fn name(&self) -> String {
        format!("{}-{}/{}", self.source, self.target, self.entity)
    }

    /// The path that the file has in a folder of mappings.
    pub fn path(&self) -> String {
        format!("{}.toml", self.name())
    }
}
