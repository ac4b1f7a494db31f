//! Patience: a connection on which nothing can be sent for a while is given up. Whoever asks and does not read would otherwise keep a
//! place for good, because an answer that is being sent looks like work.

use std::io::{Error, ErrorKind, IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// A stream that waits for its reader only so long.
pub struct PatientStream<S> {
    stream: S,
    patience: Duration,
    /// Runs while something waits to be sent.
    over: Option<Pin<Box<Sleep>>>,
}

impl<S> PatientStream<S> {
    pub fn new(stream: S, patience: Duration) -> PatientStream<S> {
        PatientStream {
            stream,
            patience,
            over: None,
        }
    }

    /// What came of an attempt to send. Each that succeeds begins the wait anew.
    fn waited<T>(&mut self, tried: Poll<Result<T>>, context: &mut Context<'_>) -> Poll<Result<T>> {
        if tried.is_ready() {
            self.over = None;
            return tried;
        }
        let patience = self.patience;
        let begin = || Box::pin(tokio::time::sleep(patience));
        let over = self.over.get_or_insert_with(begin);
        match over.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(Err(Error::new(
                ErrorKind::TimedOut,
                "nobody reads what is sent",
            ))),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PatientStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PatientStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize>> {
        let tried = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.waited(tried, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let tried = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.waited(tried, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let tried = Pin::new(&mut self.stream).poll_flush(context);
        self.waited(tried, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<()>> {
        let tried = Pin::new(&mut self.stream).poll_shutdown(context);
        self.waited(tried, context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn whoever_does_not_read_is_given_up_and_whoever_reads_slowly_is_not() {
        let (here, mut there) = tokio::io::duplex(8);
        let mut here = PatientStream::new(here, PATIENCE);
        let reading = async {
            let mut byte = [0];
            for _ in 0..16 {
                tokio::time::sleep(PATIENCE / 2).await;
                there.read_exact(&mut byte).await.expect("sent");
            }
            there
        };
        let (sent, _there) = tokio::join!(here.write_all(&[7; 24]), reading);
        sent.expect("a byte now and then is reading");
        let refused = here.write_all(&[7; 24]).await.expect_err("nobody reads");
        assert_eq!(refused.kind(), ErrorKind::TimedOut);
    }
}
