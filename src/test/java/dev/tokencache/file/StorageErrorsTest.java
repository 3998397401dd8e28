package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the system's texts stand for. The C library's, word for word: Java gives no error numbers. */
class StorageErrorsTest {
    private final StorageErrors errors = new StorageErrors(System::nanoTime);

    @ParameterizedTest
    @CsvSource({
        "ENOSPC, No space left on device, NO_SPACE",
        "EDQUOT, Disk quota exceeded, NO_SPACE",
        "EFBIG, File too large, NO_SPACE",
        "EROFS, Read-only file system, STORAGE_UNREADABLE",
        "EMFILE, Too many open files, STORAGE_UNREADABLE",
        "ENFILE, Too many open files in system, STORAGE_UNREADABLE",
        "EIO, Input/output error, STORAGE_UNREADABLE",
        "ESTALE, Stale file handle, STORAGE_UNREADABLE"
    })
    void failure_anyReason_isTheRightFailureInBothFormsOfAnException(String number, String text, Failure failure) {
        assertThat(errors.failure(new FileSystemException("a/path", null, text)).failure())
                .as(number)
                .isEqualTo(failure);
        assertThat(errors.failure(new IOException(text)).failure()).as(number).isEqualTo(failure);
    }

    @Test
    void failure_reasonInThePathOnly_doesNotCount() {
        assertThat(errors.failure(new FileSystemException("No space left on device"))
                        .failure())
                .isEqualTo(Failure.STORAGE_UNREADABLE);
        assertThat(errors.failure(new AccessDeniedException("Disk quota exceeded"))
                        .failure())
                .isEqualTo(Failure.STORAGE_UNREADABLE);
    }

    @Test
    void ofLook_noDescriptors_saysNothingOfTheStorage() {
        IOException none = new FileSystemException("a/path", null, "Too many open files");

        assertThat(StorageErrors.ofLook(none)).isEqualTo(Failure.OVERLOADED);
        assertThat(StorageErrors.ofLook(new RootUnreadableException(none))).isEqualTo(Failure.OVERLOADED);
        assertThat(StorageErrors.ofLook(new AccessDeniedException("a/path"))).isEqualTo(Failure.STORAGE_UNREADABLE);
    }
}
