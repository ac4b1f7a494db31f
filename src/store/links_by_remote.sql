-- Which of ours a thing in the books is: asked whenever the books say that something was changed there.
CREATE INDEX links_of_remote ON links (target, remote_entity, remote_id);
