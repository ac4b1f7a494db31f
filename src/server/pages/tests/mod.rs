//! The pages by themselves: their templates with what documents say and leave out.

mod acting;
