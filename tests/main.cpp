#include <boost/test/tree/traverse.hpp>
#include <boost/test/tree/visitor.hpp>
#include <boost/test/unit_test.hpp>

#include <iostream>
#include <string>

namespace {

/// Leaves only the test cases of one file to be run.
struct file_choice : boost::unit_test::test_tree_visitor {
  std::string ending;
  bool has_found = false;

  void visit(const boost::unit_test::test_case& one) override {
    std::string_view file{one.p_file_name.begin(), one.p_file_name.size()};
    if (file.ends_with(ending))
      has_found = true;
    else
      boost::unit_test::framework::get<boost::unit_test::test_case>(one.p_id)
        .p_default_status.value = boost::unit_test::test_unit::RS_DISABLED;
  }
};

/// `program -- wallet_test` runs the cases of wallet_test.cpp; by default, all cases are run.
bool choose_file() {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  if (suite.argc < 2)
    return true;
  file_choice choice;
  choice.ending = std::string{"/"} + suite.argv[1] + ".cpp";
  boost::unit_test::traverse_test_tree(suite, choice, true);
  if (!choice.has_found)
    std::cerr << "there is no test in a file " << suite.argv[1] << ".cpp\n";
  return choice.has_found;
}

} // namespace

int main(int argc, char** argv) {
  return boost::unit_test::unit_test_main(choose_file, argc, argv);
}
