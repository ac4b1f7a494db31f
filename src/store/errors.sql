-- Why a run ended before its work was done: JSON, `{"code": …, "exit": …, "message": …}`.
ALTER TABLE runs ADD COLUMN error TEXT;
