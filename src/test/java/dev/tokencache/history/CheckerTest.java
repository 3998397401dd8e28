package dev.tokencache.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.history.Edit.Kind;
import dev.tokencache.history.Read.Sight;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each rule on histories of a few lines: one that keeps it and one that breaks it. Edits may stay unseen for 100. */
class CheckerTest {
    private static final long BOUND = 100;

    private final List<Edit> edits = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private final List<Listing> listings = new ArrayList<>();

    private CheckerTest edit(long version, Kind kind, long start, long end) {
        edits.add(new Edit(0, version, kind, start, end));
        return this;
    }

    private CheckerTest sees(long version, long start, long end) {
        reads.add(new Read(0, Sight.VERSION, version, start, end));
        return this;
    }

    private CheckerTest sees(Sight sight, long start, long end) {
        reads.add(new Read(0, sight, 0, start, end));
        return this;
    }

    private CheckerTest lists(boolean present, long start, long end) {
        listings.add(new Listing(1, present ? 1 : 0, start, end));
        return this;
    }

    private List<Violation> check() {
        return Checker.check(new History(1, edits, reads, listings, BOUND));
    }

    private void keepsAll() {
        assertThat(check()).isEmpty();
    }

    private void breaks(Rule rule) {
        assertThat(check()).extracting(Violation::rule).containsExactly(rule);
    }

    @Test
    void versionThatSomebodyWrote_isRight() {
        edit(1, Kind.API_PUT, 10, 20).sees(1, 15, 30).sees(1, 500, 510).keepsAll();
    }

    @Test
    void versionThatNobodyWrote_breaksOneVersion() {
        edit(1, Kind.API_PUT, 10, 20).sees(7, 15, 30).breaks(Rule.ONE_VERSION);
    }

    @Test
    void versionOfAnotherKey_breaksOneVersion() {
        edits.add(new Edit(1, 7, Kind.API_PUT, 10, 20));
        reads.add(new Read(0, Sight.VERSION, 7, 15, 30));

        assertThat(Checker.check(new History(2, edits, reads, listings, BOUND)))
                .extracting(Violation::rule)
                .containsExactly(Rule.ONE_VERSION);
    }

    @Test
    void versionSeenBeforeItsEditBegan_breaksOneVersion() {
        edit(1, Kind.RENAME, 10, 20).sees(1, 1, 9).breaks(Rule.ONE_VERSION);
    }

    @Test
    void mixInAnOverwrite_isRight() {
        edit(1, Kind.RENAME, 10, 20)
                .edit(2, Kind.OVERWRITE, 30, 40)
                .sees(Sight.MIXED, 31, 35)
                .sees(Sight.INVALID, 31, 36)
                .sees(Sight.MIXED, 130, 139)
                .keepsAll();
    }

    @Test
    void mixWhereNobodyOverwrites_breaksOneVersion() {
        edit(1, Kind.RENAME, 10, 20)
                .edit(2, Kind.TRUNCATE, 30, 40)
                .sees(Sight.MIXED, 31, 35)
                .breaks(Rule.ONE_VERSION);
    }

    @Test
    void faultWhereAllEditsAreAtomic_breaksOneVersion() {
        edit(1, Kind.RENAME, 10, 20)
                .edit(2, Kind.API_PUT, 30, 40)
                .sees(Sight.INVALID, 31, 35)
                .breaks(Rule.ONE_VERSION);
    }

    @Test
    void readThatBeganBeforeTheReply_mayBeOlder() {
        edit(1, Kind.API_PUT, 10, 20)
                .edit(2, Kind.API_PUT, 30, 40)
                .sees(1, 40, 60)
                .keepsAll();
    }

    @Test
    void readAfterTheReply_olderThanTheWrite_breaksReadYourWrites() {
        edit(1, Kind.API_PUT, 10, 20)
                .edit(2, Kind.API_PUT, 30, 40)
                .sees(1, 41, 60)
                .breaks(Rule.READ_YOUR_WRITES);
    }

    @Test
    void ofTwoWritesAtOnce_eitherIsRightAfterBoth() {
        edit(1, Kind.API_PUT, 10, 30)
                .edit(2, Kind.RENAME, 20, 40)
                .sees(1, 50, 60)
                .keepsAll();
    }

    @Test
    void writeThatFailed_mayHaveHappenedAndUndoesNothing() {
        edit(1, Kind.API_PUT, 10, 20)
                .edit(2, Kind.API_PUT, 30, Edit.UNKNOWN)
                .sees(1, 500, 510)
                .sees(2, 600, 610)
                .keepsAll();
    }

    @Test
    void versionAfterTheReplyToItsRemoval_breaksReadYourWrites() {
        edit(1, Kind.API_PUT, 10, 20)
                .edit(2, Kind.API_DELETE, 30, 40)
                .sees(Sight.ABSENT, 35, 50)
                .sees(1, 41, 60)
                .breaks(Rule.READ_YOUR_WRITES);
    }

    @Test
    void absenceAfterTheReplyToAWrite_breaksReadYourWrites() {
        edit(1, Kind.API_PUT, 10, 20).sees(Sight.ABSENT, 21, 30).breaks(Rule.READ_YOUR_WRITES);
    }

    @Test
    void faultAfterTheReplyToALaterWrite_breaksReadYourWrites() {
        edit(1, Kind.TRUNCATE, 10, 20)
                .edit(2, Kind.API_PUT, 30, 40)
                .sees(Sight.INVALID, 41, 50)
                .breaks(Rule.READ_YOUR_WRITES);
    }

    @Test
    void listAfterTheReplies_agreesWithThem() {
        edit(1, Kind.API_PUT, 10, 20)
                .lists(true, 21, 30)
                .edit(2, Kind.API_DELETE, 40, 50)
                .lists(true, 45, 60)
                .lists(false, 51, 60)
                .keepsAll();
    }

    @Test
    void listWithoutAWrittenName_breaksReadYourWrites() {
        edit(1, Kind.API_PUT, 10, 20).lists(false, 21, 30).breaks(Rule.READ_YOUR_WRITES);
    }

    @Test
    void listWithARemovedName_breaksReadYourWrites() {
        edit(1, Kind.API_PUT, 10, 20)
                .edit(2, Kind.API_DELETE, 30, 40)
                .lists(true, 41, 50)
                .breaks(Rule.READ_YOUR_WRITES);
    }

    @Test
    void editOfAnother_mayStayUnseenForTheBound() {
        edit(1, Kind.RENAME, 10, 20)
                .edit(2, Kind.RENAME, 30, 40)
                .sees(1, 140, 150)
                .sees(2, 141, 150)
                .keepsAll();
    }

    @Test
    void editOfAnother_unseenForLonger_breaksSeenInTime() {
        edit(1, Kind.RENAME, 10, 20)
                .edit(2, Kind.RENAME, 30, 40)
                .sees(1, 141, 150)
                .breaks(Rule.SEEN_IN_TIME);
    }

    @Test
    void faultThatOutlivesItsEdit_breaksSeenInTime() {
        edit(1, Kind.TRUNCATE, 10, 20)
                .sees(Sight.INVALID, 119, 125)
                .sees(Sight.INVALID, 121, 125)
                .breaks(Rule.SEEN_IN_TIME);
    }

    @Test
    void listThatMissesAnEditForLonger_breaksSeenInTime() {
        edit(1, Kind.CREATE, 10, 20)
                .lists(false, 119, 130)
                .lists(false, 121, 130)
                .breaks(Rule.SEEN_IN_TIME);
    }

    @Test
    void olderVersion_inAReadThatOverlapsTheNewerOne_isRight() {
        edit(1, Kind.RENAME, 10, 20)
                .edit(2, Kind.RENAME, 30, 40)
                .sees(2, 45, 60)
                .sees(1, 60, 70)
                .keepsAll();
    }

    @Test
    void olderVersion_afterTheNewerOneWasServed_breaksNothingComesBack() {
        edit(1, Kind.RENAME, 10, 20)
                .edit(2, Kind.RENAME, 30, 40)
                .sees(2, 45, 60)
                .sees(1, 61, 70)
                .breaks(Rule.NOTHING_COMES_BACK);
    }

    @Test
    void removedVersion_afterItsAbsenceWasServed_breaksNothingComesBack() {
        edit(1, Kind.CREATE, 10, 20)
                .edit(2, Kind.DELETE, 30, 40)
                .sees(1, 25, 26)
                .sees(Sight.ABSENT, 45, 60)
                .sees(1, 61, 70)
                .breaks(Rule.NOTHING_COMES_BACK);
    }

    @Test
    void absence_thatMayBeAnEarlierOne_saysNothingOfTheLaterOne() {
        edit(1, Kind.DELETE, 10, 20)
                .edit(2, Kind.CREATE, 30, 40)
                .edit(3, Kind.DELETE, 50, 60)
                .sees(Sight.ABSENT, 65, 70)
                .sees(2, 71, 80)
                .keepsAll();
    }

    @Test
    void listWithANameThatWasSeenGone_breaksNothingComesBack() {
        edit(1, Kind.CREATE, 10, 20)
                .lists(true, 21, 22)
                .edit(2, Kind.DELETE, 30, 40)
                .lists(false, 150, 160)
                .edit(3, Kind.CREATE, 170, 180)
                .lists(true, 190, 200)
                .lists(false, 201, 210)
                .breaks(Rule.NOTHING_COMES_BACK);
    }
}
