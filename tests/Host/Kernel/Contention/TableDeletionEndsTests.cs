using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A parent deletes the last capability to a component's table, or revokes the memory that it is made of. In its last slot
/// lies the last capability to another table, and before that one's turn comes the component puts the next into its last
/// slot, and so on: a table keeps its memory until those that lay in it are empty, so the component runs out of it.
/// </summary>
public sealed class TableDeletionEndsTests() : ContendedCalls(2)
{
    private const int Tables = 5;
    private const uint Bits = 8;
    private const uint LastSlot = (1u << (int)Bits) - 1;

    /// <summary>Each of them is a step of the table's deletion.</summary>
    private const uint Fill = CallLimits.Objects;

    private readonly uint[] _memory = new uint[Tables];
    private readonly uint[] _tables = new uint[Tables];
    private Worker _component = null!;
    private int _newest;
    private int _step;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void ADeleteOfATableEnds(bool withAttacker, bool byRevoke)
    {
        uint memory = _world.Make(ObjectType.Untyped, sizeBits: 16);
        uint dying = _world.NewSlot();
        Good(_world.Retype(memory, ObjectType.CapTable, dying, sizeBits: Bits));
        MakeTables(dying);
        Worker parent = _world.Start(0);
        _component = _world.Start(1);
        Ends(
            () => byRevoke ? Revoke(parent, memory) : OnTable(parent, CapTableOperation.Delete, dying),
            round =>
            {
                if (withAttacker && round > 0)
                {
                    PutNextBehind();
                }
            }
        );
        Good(parent.Status);
    }

    /// <summary>The component's memory, which it uses again and again, and its first table, in the dying one.</summary>
    private void MakeTables(uint dying)
    {
        for (int i = 0; i < Tables; i++)
        {
            _memory[i] = _world.Make(ObjectType.Untyped, sizeBits: 14);
            _tables[i] = _world.NewSlot();
        }
        Good(_world.Retype(_memory[0], ObjectType.CapTable, _tables[0], sizeBits: Bits));
        FillBy(_memory[0], _tables[0]);
        FillBy(World.Untyped, dying);
        Good(
            _world.Invoke(0, dying, (ulong)CapTableOperation.Copy, World.Pack(LastSlot, 0), World.Pack(_tables[0], 7))
        );
    }

    private void FillBy(uint memory, uint table)
    {
        ulong word = World.RetypeWord(ObjectType.Endpoint, Fill);
        Good(_world.Invoke(0, memory, (ulong)UntypedOperation.Retype, word, World.Pack(table, 1), 1));
    }

    /// <summary>One call of the component: it makes a table, fills it, puts it into the newest, and deletes its own of that.</summary>
    private void PutNextBehind()
    {
        int next = (_newest + 1) % Tables;
        switch (_step)
        {
            case 0:
                if (!Retype(_component, _memory[next], ObjectType.CapTable, World.Pack(0, _tables[next]), 1, Bits))
                {
                    return;
                }
                if (_component.Status == Status.OutOfMemory)
                {
                    // What was there before is being emptied still.
                    return;
                }
                break;
            case 1:
                Assert.True(Retype(_component, _memory[next], ObjectType.Endpoint, World.Pack(_tables[next], 1), Fill));
                break;
            case 2:
                ulong place = World.Pack(LastSlot, 0);
                ulong source = World.Pack(_tables[next], 7);
                Assert.True(Invoke(_component, _tables[_newest], (ulong)CapTableOperation.Copy, place, source));
                break;
            case 3:
                Assert.True(OnTable(_component, CapTableOperation.Delete, _tables[_newest]));
                _newest = next;
                break;
        }
        Good(_component.Status);
        _step = (_step + 1) % 4;
    }
}
