//! Mend: what to do about a document that came out other than meant.
//!
//! Cents of tax that the books worked out by themselves go on a visible rounding line; anything else is taken back.
//! This is a part of applying: it writes through the same tickets.

use std::sync::atomic::AtomicBool;

use crate::books;
use crate::books::names::{self, Directory, Resolved};
use crate::connector::port::{Draft, LedgerWriter};
use crate::model::document::{Document, Line, Marker};
use crate::model::link::Link;
use crate::model::money::Money;
use crate::model::plan::{Action, References, Subject};
use crate::model::ticket::{Found, Write};
use crate::model::verdict::{self, Verdict};
use crate::store::StoreError;

use super::apply::StepWork;
use super::before;
use super::deliver::deliver;
use super::doubts::{Doubts, SentTicket};
use super::fate::WriteFate;
use super::outcome::StepOutcome;
use super::readback;
use super::settled;

/// Mending is sent whatever it takes, also in a run that is to stop: no wrong total is left standing by choice.
static GO_ON: AtomicBool = AtomicBool::new(false);

/// A document that came out other than meant.
pub(super) struct Mend {
    pub index: usize,
    pub write: Write,
    pub found: Found,
    /// Set where only the tax is off.
    pub tax_in_books: Option<Money>,
    /// What was remembered of it before.
    pub before: Option<Link>,
}

impl Mend {
    /// Whether the books never held it as it was meant: it is new, or from a run that ended before it was mended. Then
    /// nothing is lost when it is taken back.
    fn never_right(&self) -> bool {
        let before = self.before.as_ref().and_then(|link| link.posted.as_ref());
        self.write.action == Action::Create
            || before
                .is_some_and(|posted| posted.fingerprint.is_none() && posted.document.is_none())
    }

    /// The document as it was when it was right.
    fn was(&self) -> Option<&Document> {
        let posted = self.before.as_ref()?.posted.as_ref()?;
        posted
            .document
            .as_ref()
            .filter(|document| document.applies_to.is_empty() && !document.lines.is_empty())
    }
}

impl<T: LedgerWriter> StepWork<'_, '_, T> {
    /// Brings a document to the right total with a visible rounding line, or takes it back and holds it.
    pub(super) async fn mend(&mut self, mut mend: Mend) -> Result<(), StoreError> {
        if let Some(tax) = mend.tax_in_books
            && self.round_off(&mut mend, tax).await?
        {
            return Ok(());
        }
        if self.end.is_some() || self.left_open {
            self.left_open = false;
            // It is remembered as wrong, or its mending is an open question: the next run goes on from here.
            self.note(mend.index, StepOutcome::NotReached);
            return Ok(());
        }
        let mut reason = readback::mismatch(&mend.write, &mend.found);
        if mend.never_right() {
            let is_gone = self.take_back(&mend).await?;
            let left = mend.found.unapplied.filter(|left| left.is_positive());
            if let Some(left) = left.filter(|_| !is_gone) {
                reason = settled::still_stands(&mend.write.label, left);
            }
        } else {
            self.restore(&mut mend).await?;
        }
        self.fall(mend.index, reason, false);
        Ok(())
    }

    /// The books ignored the tax we stated, by cents: the total is made right with a rounding line. Tells whether that worked.
    async fn round_off(&mut self, mend: &mut Mend, tax: Money) -> Result<bool, StoreError> {
        let hands = self.hands;
        let Some(document) = &mend.write.document else {
            return Ok(false);
        };
        let Some((rounded, warning)) = books::with_ignored_tax(document, tax, hands.rules) else {
            return Ok(false);
        };
        // The order as the shop has it is what is posted and remembered; the rounding line is only how the books show it.
        let document = document.clone();
        if !self.write_again(mend, &rounded, document).await? {
            return Ok(false);
        }
        if verdict::is_wrong(&verdict::judge(mend.write.expected.as_ref(), &mend.found)) {
            return Ok(false);
        }
        let result = StepOutcome::Done {
            id: mend.found.remote.id.clone(),
            warnings: vec![warning],
        };
        self.note(mend.index, result);
        Ok(true)
    }

    /// Brings a document that was right before back to what it was: its total then was one that the shop had charged.
    async fn restore(&mut self, mend: &mut Mend) -> Result<(), StoreError> {
        let Some(was) = mend.was().cloned() else {
            return Ok(());
        };
        if !self.write_again(mend, &was, was.clone()).await? {
            return Ok(());
        }
        if let Verdict::TaxOff { tax_in_books } =
            verdict::judge(mend.write.expected.as_ref(), &mend.found)
        {
            self.round_off(mend, tax_in_books).await?;
        }
        Ok(())
    }

    /// Writes over what came out wrong, remembering it as this order's document. Tells whether it was done.
    async fn write_again(
        &mut self,
        mend: &mut Mend,
        document: &Document,
        remembered: Document,
    ) -> Result<bool, StoreError> {
        let Some(references) = self.references_again(mend, document).await? else {
            return Ok(false);
        };
        let Some(marker) = mend.write.marker.clone() else {
            return Ok(false);
        };
        let marker = Marker {
            revision: marker.revision + 1,
            ..marker
        };
        let Ok(encoded) = self.hands.target.encode(Draft::Document {
            document,
            references: &references,
            marker: &marker,
            replaces: Some(&mend.found.remote),
            was: mend
                .write
                .document
                .as_ref()
                .map(|document| &document.overlay),
        }) else {
            return Ok(false);
        };
        let Ok(body) = self.hands.target.resolve(&encoded.body, &self.known) else {
            return Ok(false);
        };
        let write = Write {
            action: Action::Update,
            remote: Some(mend.found.remote.clone()),
            body,
            marker: Some(marker),
            expected: encoded.expected,
            document: Some(remembered),
            before: None,
            ..mend.write.clone()
        };
        let Some(WriteFate::Stands(found)) = self.send_one(write.clone()).await? else {
            return Ok(false);
        };
        mend.write = write;
        mend.found = found;
        Ok(true)
    }

    /// Deletes what was made just now and came out wrong: the only deletion that udsync decides by itself.
    /// Tells whether it is gone.
    async fn take_back(&mut self, mend: &Mend) -> Result<bool, StoreError> {
        let hands = self.hands;
        let Some(kind) = mend.write.document.as_ref().map(|document| document.kind) else {
            return Ok(false);
        };
        let Ok(encoded) = hands.target.encode(Draft::Delete {
            kind,
            remote: &mend.found.remote,
        }) else {
            return Ok(false);
        };
        let Ok(body) = self.hands.target.resolve(&encoded.body, &self.known) else {
            return Ok(false);
        };
        let write = Write {
            action: Action::Delete,
            remote: Some(mend.found.remote.clone()),
            body,
            expected: None,
            before: None,
            ..mend.write.clone()
        };
        let fate = self.send_one(write).await?;
        Ok(matches!(fate, Some(WriteFate::Deleted)))
    }

    /// Sends a request of one write, and settles it together with the link that follows from it. `None`: what became of it is
    /// left to the next run.
    async fn send_one(&mut self, write: Write) -> Result<Option<WriteFate>, StoreError> {
        let hands = self.hands;
        let mut writes = vec![write];
        match before::read(hands.target, &mut writes).await {
            Ok(outdated) if outdated.is_empty() => {}
            // Somebody was faster: it is not ours to correct any more.
            Ok(_) => return Ok(Some(WriteFate::NotDone)),
            Err(fault) => {
                self.end.get_or_insert(fault);
                return Ok(Some(WriteFate::NotDone));
            }
        }
        let ticket = self.record(writes)?;
        let delivered = deliver(hands, &ticket, &GO_ON).await?;
        let mut sent = SentTicket::new(Vec::new(), ticket, delivered);
        let mut doubts = Doubts::default();
        // What is to be done about the document depends on it, so nothing else of it can be done meanwhile.
        while sent.delivered.doubt.is_some() && sent.delivered.end.is_none() {
            doubts.keep(sent, hands.patience.first_pause);
            match doubts.next(hands, hands.stop).await? {
                Some(news) => sent = news,
                None => {
                    self.left_open = true;
                    return Ok(None);
                }
            }
        }
        let fate = sent.delivered.fates.into_iter().next().flatten();
        let ticket = sent.ticket;
        let mut outcomes = Vec::new();
        let mut links = Vec::new();
        if let Some(fate) = &fate {
            outcomes.push((0, fate.outcome()));
            if let WriteFate::Stands(found) = fate {
                let write = &ticket.request().writes[0];
                let before = hands.store.link(hands.target.name(), &write.subject)?;
                links.push(readback::link(write, found, before.as_ref()));
            }
        }
        hands
            .store
            .settle(&ticket, &outcomes, &links, hands.clock.now())?;
        if self.end.is_none() {
            self.end = sent.delivered.end;
        }
        Ok(fate)
    }

    /// The ids for a document that is written a second time; its rounding item may be new to the books.
    async fn references_again(
        &mut self,
        mend: &Mend,
        document: &Document,
    ) -> Result<Option<References>, StoreError> {
        let hands = self.hands;
        let Some(customer) = &self.steps[mend.index].customer else {
            return Ok(None);
        };
        let Some(customer) = self.id_for(customer) else {
            return Ok(None);
        };
        let mut references = References {
            customer,
            ..References::default()
        };
        for line in &document.lines {
            if references.items.contains_key(&line.item) {
                continue;
            }
            let subject = Subject::Item(line.item.0.clone());
            let linked = hands
                .store
                .link(hands.target.name(), &subject)?
                .map(|link| link.remote.id);
            let id = match self.known.get(&subject).cloned().or(linked) {
                Some(id) => id,
                None => match self.make_item(line, &subject, &mend.write).await? {
                    Some(id) => id,
                    None => return Ok(None),
                },
            };
            references.items.insert(line.item.clone(), id);
        }
        Ok(Some(references))
    }

    /// `None`: it is to be made first, and was not.
    fn id_for(&self, id: &str) -> Option<String> {
        match Subject::from_reference(id) {
            Some(subject) => self.known.get(&subject).cloned(),
            None => Some(id.to_owned()),
        }
    }

    async fn make_item(
        &mut self,
        line: &Line,
        subject: &Subject,
        like: &Write,
    ) -> Result<Option<String>, StoreError> {
        let hands = self.hands;
        let names = match hands.target.names().await {
            Ok(names) => names,
            Err(fault) => {
                // Whoever could not look makes nothing: the next run goes on from here.
                self.end.get_or_insert(fault);
                return Ok(None);
            }
        };
        let mut directory = Directory::new(&names);
        let sold = names::SoldItem {
            key: &line.item,
            name: &line.description,
            product: None,
            variation: None,
            ware: None,
            made_as: &line.item.0,
        };
        let resolved = names::item(&sold, hands.rules, &mut directory, &|_| None);
        let draft = match resolved {
            Ok(Resolved::Known { id, .. }) => return Ok(Some(id)),
            Ok(Resolved::New { draft, .. }) => draft,
            Err(_) => return Ok(None),
        };
        let Ok(encoded) = hands.target.encode(Draft::Item(&draft)) else {
            return Ok(None);
        };
        let Ok(body) = self.hands.target.resolve(&encoded.body, &self.known) else {
            return Ok(None);
        };
        let write = Write {
            action: Action::Create,
            subject: subject.clone(),
            entity: encoded.entity,
            remote: None,
            body,
            marker: None,
            label: line.item.0.clone(),
            expected: None,
            document: None,
            before: None,
            source: like.source.clone(),
        };
        let Some(WriteFate::Stands(found)) = self.send_one(write).await? else {
            return Ok(None);
        };
        self.known.insert(subject.clone(), found.remote.id.clone());
        Ok(Some(found.remote.id))
    }
}
